"""Every deployment file is valid, and fits what it deploys."""

from __future__ import annotations

import configparser
import ipaddress
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from assemblybot.chat.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from assemblybot.chat.telegram import transports
from assemblybot.render.links import READER
from assemblybot.settings import Settings
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = sorted(p for p in (DEPLOY / "kubernetes").glob("*.yaml") if p.name != "kustomization.yaml")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def documents() -> list[dict[str, Any]]:
    return [item for path in KUBERNETES for item in yaml.safe_load_all(path.read_text("utf-8"))]


def of_kind(kind: str, name: str = "assemblybot") -> dict[str, Any]:
    return next(d for d in documents() if (d["kind"], d["metadata"]["name"]) == (kind, name))


def seconds(text: str | int) -> int:
    return int(str(text).removesuffix("s"))


def directive(name: str) -> list[str]:
    unit = configparser.RawConfigParser(strict=False, allow_no_value=True)
    text = (DEPLOY / "systemd" / "assemblybot.service").read_text("utf-8")
    unit.read_string(text)
    return re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)


@pytest.mark.parametrize("kubernetes", ["1.30", "1.33"])
def test_kubernetes_takes_every_manifest(kubernetes: str) -> None:
    for document in documents():
        kubernetes_validate.validate(document, kubernetes, strict=True)


def test_kustomization_lists_every_manifest() -> None:
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text("utf-8"))
    assert sorted(listed["resources"]) == [path.name for path in KUBERNETES]
    assert listed["images"][0]["newTag"] == VERSION


def test_pods_run_without_rights_and_keep_one_replica_up() -> None:
    for kind, name in (("Deployment", "assemblybot"), ("StatefulSet", "redis")):
        pod = of_kind(kind, name)["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] and not pod["automountServiceAccountToken"]
        for container in pod["containers"] + pod.get("initContainers", []):
            locked = container["securityContext"]
            assert locked["readOnlyRootFilesystem"] and not locked["allowPrivilegeEscalation"]
            assert locked["capabilities"] == {"drop": ["ALL"]}
            assert "memory" in container["resources"]["limits"]
    deployment = of_kind("Deployment")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["replicas"] >= 2
    assert of_kind("PodDisruptionBudget")["spec"]["minAvailable"] == 1
    for kind in ("PodDisruptionBudget", "Service"):
        selector = of_kind(kind)["spec"]["selector"]
        assert labels.items() >= selector.get("matchLabels", selector).items()


def test_no_secret_is_written_down() -> None:
    assert not [d for d in documents() if d["kind"] == "Secret"]
    secret = {
        name.upper() for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)
    }
    assert secret
    config = of_kind("ConfigMap")["data"]
    assert {name for name in secret & config.keys() if "@" in config[name] or "URL" not in name} == set()


def test_every_setting_that_is_set_exists() -> None:
    known = {name.upper() for name in Settings.model_fields}
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text("utf-8"))
    image = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8")
    (environment,) = directive("Environment")
    used = {
        "kubernetes": set(of_kind("ConfigMap")["data"]),
        "compose": set(compose["services"]["assemblybot"]["environment"]),
        "image": set(re.findall(r"\b([A-Z_]+)=", image[image.rindex("ENV PATH") :])) - {"PATH"},
        "systemd": {part.partition("=")[0] for part in environment.split()},
    }
    for where, names in used.items():
        unknown = {name for name in names - known if not name.startswith("PYTHON")}
        assert not unknown, (where, unknown)


def test_the_ingress_lets_platforms_and_readers_in_and_nobody_to_the_rest() -> None:
    (rule,) = of_kind("Ingress")["spec"]["rules"]
    called = (transports.PATH, EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, READER)
    assert {path["path"] for path in rule["http"]["paths"]} == {"/" + path.split("/")[1] for path in called}


def test_replicas_share_what_telegram_allows_a_bot() -> None:
    replicas = of_kind("Deployment")["spec"]["replicas"]
    allowed = Settings.model_fields["telegram_per_second"].default
    assert replicas * int(of_kind("ConfigMap")["data"]["TELEGRAM_PER_SECOND"]) == allowed


def test_the_index_folder_is_of_this_version() -> None:
    assert of_kind("ConfigMap")["data"]["INDEX_DIR"].endswith(f"/{VERSION}")


def test_everyone_waits_longer_than_the_drain_takes() -> None:
    drain = float(Settings.model_fields["drain_seconds"].default)
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text("utf-8"))
    pod = of_kind("Deployment")["spec"]["template"]["spec"]
    pause = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert seconds(compose["services"]["assemblybot"]["stop_grace_period"]) > drain
    assert seconds(directive("TimeoutStopSec")[0]) > drain
    assert pod["terminationGracePeriodSeconds"] > pause + drain


def test_compose_fits_the_compose_specification() -> None:
    command = ["--builtin-schema", "vendor.compose-spec", str(DEPLOY / "docker" / "compose.yaml")]
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *command], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
    services = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text("utf-8"))["services"]
    assert services["assemblybot"]["image"] == f"assemblybot:{VERSION}"
    for service in services.values():
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert "ports" not in services["redis"]


def test_only_the_bot_reaches_redis_and_the_bot_no_private_address() -> None:
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text("utf-8"))
    (network,) = compose["services"]["redis"]["networks"]
    assert compose["networks"][network] == {"internal": True}
    assert network in compose["services"]["assemblybot"]["networks"]
    (client,) = of_kind("NetworkPolicy", "redis")["spec"]["ingress"]
    assert [peer["podSelector"]["matchLabels"] for peer in client["from"]] == [
        {"app.kubernetes.io/name": "assemblybot"}
    ]
    egress = of_kind("NetworkPolicy")["spec"]["egress"]
    (https,) = (rule for rule in egress if {"port": 443} in rule["ports"])
    blocks = [ipaddress.ip_network(net) for peer in https["to"] for net in peer["ipBlock"]["except"]]
    for address in map(ipaddress.ip_address, ("10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254")):
        assert any(address in block for block in blocks)


def test_the_image_has_no_root_no_torch_and_no_floating_base() -> None:
    text = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8")
    last = text[text.rindex("\nFROM ") :]
    bases = set(re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    assert len(bases) == 1 and re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+@sha256:[0-9a-f]{64}", bases.pop())
    for name in ("docker/compose.yaml", "kubernetes/redis.yaml"):
        stated = (DEPLOY / name).read_text("utf-8")
        assert re.search(r"image: redis:\S+@sha256:[0-9a-f]{64}$", stated, re.MULTILINE)
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "/healthz" in last and "HEALTHCHECK" in last
    ignored = Path(DEPLOY / "docker" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in source.split())
        assert all(f"!{name}" in ignored for name in source.split())
    assert ignored[0] == "*" and "!.env" not in ignored


def test_the_image_installs_what_is_locked() -> None:
    text = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    installs = re.findall(r"pip install (.+?)(?: && |$)", text, re.MULTILINE)
    assert [line for line in installs if not line.startswith(("--require-hashes ", "--no-deps /dist/"))] == []
    assert set(re.findall(r"--requirement (\S+)", text)) == {
        "requirements/base.txt",
        "requirements/build.txt",
    }


def test_volumes_begin_as_folders_that_the_service_may_write_to() -> None:
    """A new volume takes over content and owner of the folder it is mounted on; else it is root's."""
    compose = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text("utf-8"))
    image = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8")
    last = image[image.rindex("\nFROM ") :]
    owned = re.findall(r"install -d -o 10001 -g 10001 (\S+)", last)
    owned += re.findall(r"^COPY --from=build --chown=10001:10001 \S+ (\S+)$", last, re.MULTILINE)
    mounted = [volume.split(":")[1] for volume in compose["services"]["assemblybot"]["volumes"]]
    (volumes,) = re.findall(r"^VOLUME (.+)$", last, re.MULTILINE)
    assert sorted(owned) == sorted(mounted) == sorted(volumes.split()) == ["/index", "/state"]


def test_systemd_never_gives_up_starting() -> None:
    """A network or a platform that comes up late must not end the service for good."""
    assert directive("StartLimitIntervalSec") == ["0"]
    assert directive("Restart") == ["on-failure"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_unit_and_finds_it_closed(tmp_path: Path) -> None:
    unit = tmp_path / "assemblybot.service"
    text = (DEPLOY / "systemd" / "assemblybot.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/assemblybot/.venv/bin/assemblybot serve", "/bin/true"), "utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert verified.returncode == 0 and "assemblybot.service" not in verified.stderr, verified.stderr
    strict = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", str(unit)]
    assert subprocess.run(strict, capture_output=True).returncode == 0
