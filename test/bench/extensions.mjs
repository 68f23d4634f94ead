// Extensions as VS Code has them installed, in out/bench: ours as it is packaged, others that need next to nothing.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../vshost/install.mjs';

export const folder = join(root, 'out/bench');
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Ours, built by `run.mjs`. Returns its folder. */
export function ourExtension() {
  const ours = extensionFolder('hostpci', manifest);
  for (const name of ['media', 'syntaxes', 'snippets']) cpSync(join(root, name), join(ours, name), { recursive: true });
  cpSync(join(folder, 'dist'), join(ours, 'dist'), { recursive: true });
  writeFileSync(join(ours, 'timed.cjs'), "module.exports = require('./dist/extension.cjs');\n");
  return ours;
}

/** A fresh folder with a manifest. Its code is to be in `timed.cjs`. */
export function extensionFolder(name, manifest) {
  const path = join(folder, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  writeFileSync(
    join(path, 'package.json'),
    JSON.stringify({ ...manifest, type: undefined, main: './timedExtension.cjs' }),
  );
  cpSync(join(root, 'test/bench/timedExtension.cjs'), join(path, 'timedExtension.cjs'));
  return path;
}
