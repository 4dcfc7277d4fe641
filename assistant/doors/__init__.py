"""The ways in: command line, HTTP, MCP, and who may use them."""
