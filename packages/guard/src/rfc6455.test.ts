import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { FrameReader, frame, openNodeSocket } from './rfc6455.ts';

const MASK = Buffer.from([1, 2, 3, 4]);

function serverFrame(opcode: number, payload: Buffer, last = true): Buffer {
  const masked = frame(opcode, payload, Buffer.alloc(4));
  const head = payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10;
  const out = Buffer.concat([masked.subarray(0, head), masked.subarray(head + 4)]);
  out[0] = (last ? 0x80 : 0) | opcode;
  out[1] = out[1]! & 0x7f;
  return out;
}
function reading() {
  const texts: string[] = [];
  return {
    texts,
    reader: new FrameReader({ text: (text) => texts.push(text), ping: () => undefined, close: () => undefined }),
  };
}

describe('frames', () => {
  it('come out as they went in, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 300 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        (sent, size) => {
          const bytes = Buffer.concat(sent.map((text) => serverFrame(1, Buffer.from(text))));
          const { texts, reader } = reading();
          for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
          expect(texts).toEqual(sent.map((text) => Buffer.from(text).toString()));
        },
      ),
    );
  });

  it('are joined when a message comes in parts', () => {
    const { texts, reader } = reading();
    reader.push(serverFrame(1, Buffer.from('one '), false));
    reader.push(serverFrame(9, Buffer.from('ping')));
    reader.push(serverFrame(0, Buffer.from('two')));
    expect(texts).toEqual(['one two']);
  });

  it('are refused when masked, too large, of unknown kind, or out of order', () => {
    expect(() => reading().reader.push(frame(1, Buffer.from('x'), MASK))).toThrow(/mask/);
    const large = Buffer.from([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(() => reading().reader.push(large)).toThrow(/too large/);
    expect(() => reading().reader.push(serverFrame(2, Buffer.from('x')))).toThrow(/opcode 2/);
    expect(() => reading().reader.push(serverFrame(0, Buffer.from('x')))).toThrow(/continuation/);
  });
});

describe('against ws', () => {
  it('talks both ways at every size of frame, answers pings, and closes', async () => {
    const hub = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => hub.once('listening', resolve));
    let pongs = 0;
    hub.on('connection', (socket) => {
      socket.on('message', (data) => socket.send(String(data)));
      socket.on('pong', () => {
        pongs += 1;
        socket.close(4000, 'enough');
      });
    });
    const got: string[] = [];
    const sizes = [0, 1, 125, 126, 65_535, 65_536, 300_000];
    const closed = await new Promise<string>((resolve, reject) => {
      const socket = openNodeSocket(
        `ws://127.0.0.1:${(hub.address() as AddressInfo).port}`,
        {},
        {
          open: () => {
            setTimeout(async () => {
              const opened = await socket.catch(reject);
              for (const size of sizes) opened?.send('é'.repeat(size));
            });
          },
          text: (text) => {
            got.push(text);
            if (got.length === sizes.length) for (const peer of hub.clients) peer.ping();
          },
          close: (code, why) => resolve(`${code} ${why}`),
        },
      );
    });
    expect(got.map((text) => text.length)).toEqual(sizes);
    expect(pongs).toBe(1);
    expect(closed).toBe('4000 enough');
    await new Promise((resolve) => hub.close(resolve));
  });
});
