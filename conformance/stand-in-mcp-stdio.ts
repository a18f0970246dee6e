import { appendFileSync } from 'node:fs';
import { McpServer as OldServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { McpServer as NewServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Desk, furnish } from './stand-in-mcp.ts';

// `node … stand-in-mcp-stdio.ts 2025|2026 file`: a desk over stdio that writes down what it did.
const [era, file] = process.argv.slice(2);
const desk: Desk = {
  ran: {
    push: (each: { readonly tool: string }) => {
      appendFileSync(file!, `${each.tool} ${process.env.DESK_SECRET ?? ''}\n`);
      return 1;
    },
  } as unknown as Desk['ran'],
  cancelled: 0,
};
if (era === '2025') {
  const server = new OldServer({ name: 'desk', version: '1' });
  furnish(server, desk);
  await server.connect(new StdioServerTransport());
} else
  serveStdio(() => {
    const server = new NewServer({ name: 'desk', version: '1' });
    furnish(server, desk);
    return server;
  });
