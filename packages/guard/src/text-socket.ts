export interface SocketEvents {
  open(): void;
  text(text: string): void;
  /** Exactly once. 4401, 4404 …: the HTTP status of a refused handshake plus 4000. */
  close(code: number, why: string): void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}
