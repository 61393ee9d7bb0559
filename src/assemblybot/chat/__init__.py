"""Where people ask: Telegram, Slack and the terminal, and the conversation that they share."""
