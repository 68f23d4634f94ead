// What is in the .vsix: the bundles and what they read, and nothing of how they were made.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { root } from '../vshost/install.mjs';

const file = join(root, 'hostpci.vsix');

suite('the package', () => {
  test('has the bundles, their data, the grammars and the licences', () => {
    const names = entries(readFileSync(file));
    const expected = [
      ...['extension/package.json', 'extension/readme.md', 'extension/changelog.md', 'extension/LICENSE.txt'],
      ...[
        'extension/dist/extension.cjs',
        'extension/dist/server.cjs',
        'extension/dist/lsp.cjs',
        'extension/dist/session.cjs',
        'extension/dist/hostpci.mjs',
        'extension/dist/cli.cjs',
      ],
      'extension/dist/THIRD-PARTY-NOTICES.txt',
      ...manifestFiles(),
    ];
    assert.deepEqual(
      expected.filter(name => !names.includes(name)),
      [],
    );
  });

  test('has every file that a bundle loads', () => {
    const zip = readFileSync(file);
    const bundles = entries(zip).filter(name => /^extension\/dist\/[^/]+\.cjs$/.test(name));
    const loaded = bundles.flatMap(name =>
      [...textOf(zip, name).matchAll(/\brequire\(["']\.\/([\w-]+\.cjs)["']\)/g)].map(([, other]) => other),
    );
    assert.ok(loaded.some(name => name.startsWith('studies-')));
    assert.deepEqual(
      loaded.filter(name => !bundles.includes(`extension/dist/${name}`)),
      [],
    );
  });

  test('has no sources, modules, tests or source maps', () => {
    const strange = entries(readFileSync(file)).filter(name =>
      /node_modules\/|\.ts$|\.map$|(^|\/)test\/|\/server\//.test(name),
    );
    assert.deepEqual(strange, []);
  });

  test('is small', () => {
    assert.ok(statSync(file).size < 3_000_000, `${statSync(file).size} bytes`);
  });
});

/** The files that package.json points at for VS Code to read. */
function manifestFiles() {
  const { contributes, icon } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const paths = [
    ...contributes.grammars.map(grammar => grammar.path),
    ...contributes.languages.map(language => language.configuration),
    ...(contributes.snippets ?? []).map(snippets => snippets.path),
    ...contributes.viewsContainers.activitybar.map(container => container.icon),
    icon,
  ];
  return paths.filter(Boolean).map(path => join('extension', path));
}

/** The names in a ZIP file. */
const entries = zip => directory(zip).map(({ name }) => name);

/** The text of a file in a ZIP file. */
function textOf(zip, wanted) {
  const { at, size, isDeflated } = directory(zip).find(({ name }) => name === wanted);
  const start = at + 30 + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
  const data = zip.subarray(start, start + size);
  return (isDeflated ? inflateRawSync(data) : data).toString();
}

/** The central directory of a ZIP file: where its files are, and how many bytes they take up. */
function directory(zip) {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const count = zip.readUInt16LE(end + 10);
  const found = [];
  for (let entry = zip.readUInt32LE(end + 16), n = 0; n < count; n++) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map(offset => zip.readUInt16LE(entry + offset));
    found.push({
      name: zip.toString('utf8', entry + 46, entry + 46 + nameLength),
      at: zip.readUInt32LE(entry + 42),
      size: zip.readUInt32LE(entry + 20),
      isDeflated: zip.readUInt16LE(entry + 10) === 8,
    });
    entry += 46 + nameLength + extraLength + commentLength;
  }
  return found;
}
