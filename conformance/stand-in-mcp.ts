import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { McpServer as OldServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer as NewServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** What the tools of a desk have done: the proof that something was executed, or was not. */
export interface Desk {
  readonly ran: { readonly tool: string; readonly given: unknown }[];
  cancelled: number;
}

const ANSWER = (given: object) => ({
  content: [{ type: 'text' as const, text: 'done' }],
  structuredContent: { id: 'rf_1', ...given },
});

/** Registers `refund`, `find_order`, `wipe` and `slow` on a server of either era. */
export function furnish(server: OldServer | NewServer, desk: Desk): void {
  const register = (
    name: string,
    input: z.ZodRawShape,
    run: (given: object, signal: AbortSignal) => Promise<object>,
  ) => {
    const call = async (given: object, context: unknown) => {
      desk.ran.push({ tool: name, given });
      const { signal, mcpReq } = context as { signal?: AbortSignal; mcpReq?: { signal: AbortSignal } };
      return run(given, (signal ?? mcpReq?.signal)!);
    };
    const schema = server instanceof OldServer ? input : z.object(input);
    (server as OldServer).registerTool(name, { description: name, inputSchema: schema } as never, call as never);
  };
  register('refund', { amount: z.number(), order: z.string().optional() }, async (given) => ANSWER(given));
  register('find_order', {}, async () => ANSWER({}));
  register('wipe', {}, async () => ANSWER({}));
  register('slow', {}, async (_, signal) => {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    desk.cancelled += 1;
    return ANSWER({});
  });
}

export interface StandInMcp extends Desk {
  readonly url: string;
  /** Headers of every request, oldest first. */
  readonly heard: IncomingHttpHeaders[];
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** An MCP server over Streamable HTTP: `2025` with sessions (SDK 1.x), `2026` without (SDK 2.x). */
export async function openStandInMcp(era: '2025' | '2026'): Promise<StandInMcp> {
  const desk: Desk & { heard: IncomingHttpHeaders[] } = { ran: [], cancelled: 0, heard: [] };
  const sessions = new Map<string, StreamableHTTPServerTransport>();

  async function serveOld(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const known = sessions.get(String(request.headers['mcp-session-id']));
    if (known !== undefined) return known.handleRequest(request, response);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    const server = new OldServer({ name: 'desk', version: '1' });
    furnish(server, desk);
    await server.connect(transport as never);
    await transport.handleRequest(request, response);
  }

  const handler = createMcpHandler(() => {
    const server = new NewServer({ name: 'desk', version: '1' });
    furnish(server, desk);
    return server;
  });
  async function serveNew(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = await handler.fetch(
      new Request(`http://desk${request.url}`, {
        method: request.method ?? 'POST',
        headers: request.headers as Record<string, string>,
        signal: gone.signal,
        ...(body.length > 0 ? { body } : {}),
      }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body === null) return void response.end();
    response.flushHeaders();
    Readable.fromWeb(answer.body as ReadableStream)
      .on('error', () => response.destroy())
      .pipe(response);
  }

  const server = createServer((request, response) => {
    desk.heard.push(request.headers);
    (era === '2025' ? serveOld : serveNew)(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(desk, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async close() {
      await handler.close();
      for (const transport of sessions.values()) await transport.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
