import { isNode } from './node.ts';
import type { Socket, SocketEvents } from './text-socket.ts';

/** The runtime's own WebSocket. It cannot send headers, so the key travels as a second sub-protocol. */
function openWebSocket(url: string, key: string, events: SocketEvents): Socket {
  const socket = new WebSocket(url, ['firebreak.v1', `bearer.${key}`]);
  let closed = false;
  const close = (code: number, why: string) => {
    if (closed) return;
    closed = true;
    events.close(code, why);
  };
  socket.onopen = () => events.open();
  socket.onmessage = (message) => {
    if (typeof message.data === 'string') events.text(message.data);
  };
  socket.onerror = () => close(1006, 'the connection failed');
  socket.onclose = (event) => close(event.code, event.reason);
  return {
    send: (text) => {
      if (!closed) socket.send(text);
    },
    close: () => socket.close(1000),
  };
}

export async function openSocket(url: string, key: string, events: SocketEvents): Promise<Socket> {
  if (!isNode) return openWebSocket(url, key, events);
  const { openNodeSocket } = await import('./rfc6455.ts');
  return openNodeSocket(url, { authorization: `Bearer ${key}` }, events);
}
