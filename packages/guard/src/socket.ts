import { isNode } from './node.ts';
import type { Socket, SocketEvents } from './text-socket.ts';

export async function openSocket(url: string, key: string, events: SocketEvents): Promise<Socket> {
  if (!isNode) return (await import('./web.ts')).openWebSocket(url, key, events);
  return (await import('./rfc6455.ts')).openNodeSocket(url, { authorization: `Bearer ${key}` }, events);
}
