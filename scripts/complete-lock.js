// Completes package-lock.json with the optional packages of other platforms. A registry that does not carry them lets
// `npm install` leave them out, and `npm ci` then refuses the lock on every machine. Version, system and processor follow
// from the package that asks for them; only the checksum is left to the machine that installs one.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const present = new Set(Object.keys(lock.packages).map((key) => key.split('node_modules/').pop()));
const added = {};

for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (present.has(name)) continue;
    const platform = /(aix|android|darwin|freebsd|linux|netbsd|openbsd|sunos|win32)-(\w+?)(-musl|-gnu)?$/.exec(name);
    if (!platform || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) throw new Error(`${name}@${version}: add it by hand`);
    const [, os, cpu, libc] = platform;
    added[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      ...(entry.license ? { license: entry.license } : {}),
      optional: true,
      os: [os],
      ...(os === 'linux' ? { libc: [libc === '-musl' ? 'musl' : 'glibc'] } : {}),
    };
  }
}

const { '': root, ...packages } = lock.packages;
const sorted = Object.entries({ ...packages, ...added }).sort(([one], [two]) => (one < two ? -1 : 1));
lock.packages = { '': root, ...Object.fromEntries(sorted) };
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${Object.keys(added).length} packages of other platforms added\n`);
