import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of its own on the bench's server, dropped afterwards; `query` runs one text with any number of statements. */
export async function withDatabase(bench, work) {
  const server = await bench.postgres();
  const name = `bench_${randomBytes(4).toString('hex')}`;
  await onServer(`${server.url}/postgres`, `CREATE DATABASE ${name}`);
  const url = `${server.url}/${name}`;
  try {
    return await work({ url, query: (text) => onServer(url, text) });
  } finally {
    await onServer(`${server.url}/postgres`, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function onServer(connectionString, text) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    // CHECKPOINT must stand alone, outside of the transaction that several statements in one text make.
    for (const statement of text.split(';')) await client.query(statement);
  } finally {
    await client.end();
  }
}
