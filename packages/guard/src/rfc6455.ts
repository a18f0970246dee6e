import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { loadNode } from './node.ts';
import type { Socket, SocketEvents } from './text-socket.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const LARGEST = 8 * 1024 * 1024;
const HANDSHAKE_MS = 10_000;
const RANDOM_AT_ONCE = 4_096;
const OPCODE = { more: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

/** Cuts a byte stream into text messages. Throws for what the RFC forbids a server to send, and for what is too large. */
export class FrameReader {
  private pending: Buffer = Buffer.alloc(0);
  private parts: Buffer[] = [];
  private partsSize = 0;

  constructor(
    private readonly on: { text(text: string): void; ping(data: Buffer): void; close(code: number, why: string): void },
  ) {}

  push(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    while (this.frame());
  }

  private frame(): boolean {
    const data = this.pending;
    if (data.length < 2) return false;
    const [first, second] = data as unknown as [number, number];
    if ((first & 0x70) !== 0) throw new Error('reserved bits are set');
    if ((second & 0x80) !== 0) throw new Error('a server must not mask');
    let size = second & 0x7f;
    let at = 2;
    if (size === 126) {
      if (data.length < 4) return false;
      size = data.readUInt16BE(2);
      at = 4;
    } else if (size === 127) {
      if (data.length < 10) return false;
      const long = data.readBigUInt64BE(2);
      if (long > BigInt(LARGEST)) throw new Error('a message is too large');
      size = Number(long);
      at = 10;
    }
    if (this.partsSize + size > LARGEST) throw new Error('a message is too large');
    if (data.length < at + size) return false;
    const payload = data.subarray(at, at + size);
    this.pending = data.subarray(at + size);
    this.take(first & 0x0f, (first & 0x80) !== 0, payload);
    return true;
  }

  private take(opcode: number, last: boolean, payload: Buffer): void {
    if (opcode === OPCODE.pong) return;
    if (opcode === OPCODE.ping) {
      this.on.ping(payload);
      return;
    }
    if (opcode === OPCODE.close) {
      const code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      this.on.close(code, payload.subarray(2).toString());
      return;
    }
    if (opcode === OPCODE.text && this.parts.length > 0) throw new Error('a message began inside another');
    if (opcode === OPCODE.more && this.parts.length === 0) throw new Error('a continuation of nothing');
    if (opcode !== OPCODE.text && opcode !== OPCODE.more) throw new Error(`opcode ${opcode} is not understood`);
    if (last && this.parts.length === 0) {
      this.on.text(payload.toString());
      return;
    }
    this.parts.push(payload);
    this.partsSize += payload.length;
    if (!last) return;
    const text = Buffer.concat(this.parts).toString();
    this.parts = [];
    this.partsSize = 0;
    this.on.text(text);
  }
}

/** One masked frame, as a client has to send it. */
export function frame(opcode: number, payload: Buffer, mask: Buffer): Buffer {
  const size = payload.length;
  const head = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const out = Buffer.allocUnsafe(head + 4 + size);
  out[0] = 0x80 | opcode;
  if (head === 2) out[1] = 0x80 | size;
  else if (head === 4) {
    out[1] = 0x80 | 126;
    out.writeUInt16BE(size, 2);
  } else {
    out[1] = 0x80 | 127;
    out.writeBigUInt64BE(BigInt(size), 2);
  }
  mask.copy(out, head);
  for (let index = 0; index < size; index += 1) out[head + 4 + index] = payload[index]! ^ mask[index & 3]!;
  return out;
}

/** A text WebSocket on Node alone: 20 has none of its own, and those of later versions cannot send an Authorization header. */
export async function openNodeSocket(
  url: string,
  headers: Readonly<Record<string, string>>,
  events: SocketEvents,
): Promise<Socket> {
  const target = new URL(url);
  const web = await loadNode(target.protocol === 'wss:' ? 'node:https' : 'node:http');
  const crypto = await loadNode('node:crypto');
  if (web === undefined || crypto === undefined) throw new Error('this needs Node');
  const nonce = crypto.randomBytes(16).toString('base64');
  const accept = crypto
    .createHash('sha1')
    .update(nonce + GUID)
    .digest('base64');
  let stream: Duplex | undefined;
  let closed = false;

  const close = (code: number, why: string) => {
    if (closed) return;
    closed = true;
    stream?.destroy();
    request.destroy();
    events.close(code, why);
  };
  let randomness = Buffer.alloc(0);
  const mask = (): Buffer => {
    if (randomness.length === 0) randomness = crypto.randomBytes(RANDOM_AT_ONCE);
    const next = randomness.subarray(0, 4);
    randomness = randomness.subarray(4);
    return next;
  };
  const send = (opcode: number, payload: Buffer) => {
    if (!closed) stream?.write(frame(opcode, payload, mask()));
  };

  const request = web.request({
    hostname: target.hostname.replace(/^\[|\]$/g, ''),
    port: target.port || (target.protocol === 'wss:' ? 443 : 80),
    path: `${target.pathname}${target.search}`,
    timeout: HANDSHAKE_MS,
    headers: {
      host: target.host,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': nonce,
      'sec-websocket-version': '13',
      ...headers,
    },
  });
  request.once('timeout', () => close(1006, 'no answer to the handshake'));
  request.on('error', (error: Error) => close(1006, error.message));
  request.once('response', (response: IncomingMessage) => {
    response.resume();
    close(4000 + (response.statusCode ?? 0), `the server answered ${response.statusCode}`);
  });
  request.once(
    'upgrade',
    (
      response: IncomingMessage,
      socket: Duplex & { setNoDelay?(on: boolean): void; setTimeout?(ms: number): void; unref?(): void },
      head: Buffer,
    ) => {
      stream = socket;
      if (closed) return void socket.destroy();
      if (response.headers['sec-websocket-accept'] !== accept) return close(1002, 'the handshake was answered wrongly');
      socket.setTimeout?.(0);
      socket.setNoDelay?.(true);
      socket.unref?.();
      const reader = new FrameReader({
        text: events.text,
        ping: (data) => send(OPCODE.pong, data),
        close: (code, why) => close(code, why),
      });
      const read = (chunk: Buffer) => {
        try {
          if (!closed) reader.push(chunk);
        } catch (error) {
          close(1002, error instanceof Error ? error.message : String(error));
        }
      };
      socket.on('data', read);
      socket.on('error', (error: Error) => close(1006, error.message));
      socket.on('close', () => close(1006, 'the connection ended'));
      events.open();
      if (head.length > 0) read(head);
    },
  );
  request.end();

  return {
    send: (text) => send(OPCODE.text, Buffer.from(text)),
    close: () => {
      send(OPCODE.close, Buffer.from([0x03, 0xe8]));
      close(1000, 'closed by us');
    },
  };
}
