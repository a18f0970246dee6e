// What runtimes without Node have of their own.
import type { Socket, SocketEvents } from './text-socket.ts';

/** The runtime's own WebSocket. It cannot send headers, so the key travels as a second sub-protocol. */
export function openWebSocket(url: string, key: string, events: SocketEvents): Socket {
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

const bytes = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

export function webCrypto() {
  const { subtle } = globalThis.crypto;
  const encode = (text: string) => new TextEncoder().encode(text);
  return {
    async verify(publicKey: string, signature: string, text: string): Promise<boolean> {
      const key = await subtle.importKey('raw', bytes(publicKey), 'Ed25519', false, ['verify']);
      return subtle.verify('Ed25519', key, bytes(signature), encode(text));
    },
    async sha256(text: string): Promise<string> {
      const digest = await subtle.digest('SHA-256', encode(text));
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    },
  };
}
