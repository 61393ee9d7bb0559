import type { HomeView, KnownBlock } from "@slack/types";
import type { Manifest as SlackManifest } from "@slack/web-api/dist/types/request/manifest.js";

/** What chat.postMessage and a response_url are given. */
export interface Message {
  text: string;
  blocks: KnownBlock[];
}

export type Home = HomeView;

/** `Manifest` of the package lets any property through at the top; what we send is checked strictly. */
export interface Manifest {
  _metadata?: SlackManifest["_metadata"];
  display_information: SlackManifest["display_information"];
  features?: SlackManifest["features"];
  oauth_config?: SlackManifest["oauth_config"];
  settings?: SlackManifest["settings"];
}
