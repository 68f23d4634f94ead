import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/hostpci.mjs', import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A directory of its own in which the built command line runs, for one test. */
export interface CliFolder {
  readonly path: string;
  run(...args: readonly string[]): Ran;
  /** The same without root's rights, where the tests have those. */
  runAsNobody(...args: readonly string[]): Ran;
  write(path: string, text: string): void;
  read(path: string): string;
  remove(): void;
}

const nobody = 65534;

export function cliFolder(): CliFolder {
  const path = mkdtempSync(join(tmpdir(), 'hostpci-cli-'));
  const runAs = (uid: number | undefined, file: string, args: readonly string[]): Ran =>
    spawnSync(process.execPath, [file, ...args], {
      encoding: 'utf8',
      cwd: path,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
  chmodSync(path, 0o755);
  return {
    path,
    run: (...args) => runAs(undefined, program, args),
    runAsNobody(...args) {
      if (process.getuid?.() !== 0) return runAs(undefined, program, args);
      // Nobody may not read the checkout: it can lie in root's home.
      const copy = mkdtempSync(join(tmpdir(), 'hostpci-dist-'));
      chmodSync(copy, 0o755);
      cpSync(dirname(program), copy, { recursive: true, filter: name => !name.endsWith('.map') });
      try {
        return runAs(nobody, join(copy, basename(program)), args);
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    },
    write(name, text) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    },
    read: name => readFileSync(join(path, name), 'utf8'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
