"""Answers for programs: the operations and the JSON that MCP, HTTP and `ask --json` share."""
