import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface LossyLine {
  /** The same database, through this line. */
  readonly url: string;
  /** COMMITs whose answer did not get through. */
  readonly lost: () => number;
  close(): Promise<void>;
}

/** A way to a server that breaks between a COMMIT and its answer: the first `times` times, for a statement of that word. */
export async function lossyLine(url: string, times: number): Promise<LossyLine> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let lost = 0;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    let isCommitting = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    near.on('data', (bytes) => {
      if (lost < times && bytes.includes('COMMIT\0')) isCommitting = true;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (!isCommitting) return void near.write(bytes);
      // The server has answered, so that it has committed.
      isCommitting = false;
      lost++;
      near.resetAndDestroy();
      far.destroy();
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    lost: () => lost,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
