import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface BreakableLine {
  /** The same database, through this line. */
  readonly url: string;
  /** Cuts what is connected without a goodbye, and lets nobody in any more. */
  cut(): void;
  /**
   * Passes nothing on any more, and tells neither end: what a router does that has lost its table. New connections get
   * through, or are as silent.
   */
  freeze(newOnes: 'get through' | 'are silent'): void;
  close(): Promise<void>;
}

/** A way to a server that can be cut. */
export async function breakableLine(url: string): Promise<BreakableLine> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const frozen = new Set<Socket>();
  let isCut = false;
  let isSilent = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    if (isSilent) {
      sockets.add(near);
      near.on('error', () => {});
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    near.on('end', () => frozen.has(far) || far.end());
    far.on('end', () => frozen.has(near) || near.end());
    near.pipe(far, { end: false }).pipe(near, { end: false });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: through.href,
    cut,
    freeze(newOnes) {
      isSilent = newOnes === 'are silent';
      for (const socket of sockets) {
        frozen.add(socket);
        socket.unpipe();
        socket.pause();
      }
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
