// esbuild divides only ES modules into files that are loaded when they are needed, and Node loads these more slowly than
// scripts: the server would be ready 20 ms later. So what esbuild has divided is made into scripts here.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { transform } from 'esbuild';

/**
 * Divides a bundle of CommonJS at every `import()` of our own files. Beside `outfile` come the files that it loads on
 * demand, named by their entry, and those with what several share, `chunk-….cjs`.
 */
export const loadedOnDemand = {
  name: 'loaded on demand',
  setup({ initialOptions, onEnd }) {
    const { outfile, minify, target, platform, sourcemap } = initialOptions;
    delete initialOptions.outfile;
    Object.assign(initialOptions, {
      ...{ format: 'esm', splitting: true, write: false, sourcemap: sourcemap && 'inline' },
      ...{ outdir: dirname(outfile), outExtension: { '.js': '.cjs' } },
    });
    const supported = { 'dynamic-import': false };
    const toScript = {
      ...{ format: 'cjs', minify, target, platform, supported, sourcemap: sourcemap && 'external' },
      banner: '"use strict";', // as modules are
      // Not getters, which would make every call from one file into another slower.
      footer: 'module.exports = { __esModule: true, ...module.exports };',
    };
    let last = [];
    onEnd(async ({ errors, outputFiles, metafile }) => {
      if (errors.length > 0) return;
      const scripts = await Promise.all(
        outputFiles.map(async ({ path, text }) => ({ path, ...(await transform(text, toScript)) })),
      );
      const written = scripts.flatMap(write);
      // With what changes in them, files get other names while `--watch` runs.
      for (const file of last) if (!written.includes(file)) rmSync(file, { force: true });
      last = written;
      for (const file of written) metafile.outputs[file] ??= {};
    });
  },
};

/** Returns the names of the files that it wrote. */
function write({ path, code, map }) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, map ? `${code}//# sourceMappingURL=${basename(path)}.map\n` : code);
  if (!map) return [path];
  writeFileSync(`${path}.map`, map);
  return [path, `${path}.map`];
}
