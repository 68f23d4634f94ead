import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languages } from '../server/languages/index.ts';
import { rules } from '../server/rules/index.ts';

/** The house keeps itself: what ARCHITECTURE.md promises is checked here. */

const top = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as Manifest;

interface Manifest {
  readonly contributes: {
    readonly languages: readonly { id: string; filenamePatterns?: string[]; configuration?: string }[];
    readonly grammars: readonly { language?: string; path: string }[];
    readonly commands: readonly { command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

/** From left to right; a room may import itself and what stands before it. */
const corridor = [
  'host',
  'server/text',
  'server/syntax',
  'server/values',
  'server/languages',
  'server/workspace',
  'server/facts',
  'server/rules',
  'server/plans',
  'server/readiness',
  'server/explain',
  'server/services',
  'server/workbench.ts',
  'server/studies.ts',
  'server/languageService.ts',
  'server/settings.ts',
  'server/protocol.ts',
  'server/connection.ts',
  'server/nodeFiles.ts',
  'server/session.ts',
  'server/capabilities.ts',
  'server/node.ts',
];
/** Doors beside the corridor: what each may use besides itself. */
const sideDoors: Readonly<Record<string, readonly string[]>> = {
  'server/cli': [...corridor.slice(0, corridor.indexOf('server/services') + 1), 'server/nodeFiles.ts'],
  client: ['host', 'server/protocol.ts'],
};

const sources = ['client', 'host', 'server']
  .flatMap(folder => filesBelow(join(top, folder)))
  .filter(path => path.endsWith('.ts'));
const code = new Map(sources.map(path => [path, readFileSync(join(top, path), 'utf8')]));
/** Made by tools of `test/tools/`; their size is nobody's fault. */
const generated = (path: string): boolean => path.endsWith('.generated.ts') || path === 'server/rules/index.ts';

suite('the house', () => {
  test('imports go left', () => {
    const wrong: string[] = [];
    for (const [path, text] of code) {
      for (const target of relativeImports(path, text)) {
        if (!mayImport(path, target)) wrong.push(`${path} must not import ${target}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('no file imports itself through others', () => {
    assert.deepEqual(circles(), []);
  });

  test('foreign modules stay where they belong', () => {
    const wrong: string[] = [];
    for (const [path, text] of code) {
      for (const name of foreignImports(text)) {
        if (!mayUse(path, name)) wrong.push(`${path} must not import ${name}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('no file, function list or rule has outgrown its room', () => {
    const long = [...code].filter(([path, text]) => !generated(path) && lineCount(text) > limitOf(path));
    assert.deepEqual(
      long.map(([path, text]) => `${path}: ${lineCount(text)} lines`),
      [],
    );
  });

  test('there is no any', () => {
    const anys = [...code].filter(
      ([path, text]) => !generated(path) && /(?::|<|\bas|\|)\s*any\b(?!\w)/.test(stripComments(text)),
    );
    assert.deepEqual(
      anys.map(([path]) => path),
      [],
    );
  });

  test('only the two lists are called index.ts', () => {
    assert.deepEqual(
      sources.filter(path => path.endsWith('/index.ts')),
      ['server/languages/index.ts', 'server/rules/index.ts'],
    );
  });

  test('rules are sorted, and each is in the file that its id names', () => {
    const ids = rules.map(rule => rule.id);
    assert.deepEqual(ids, [...ids].sort());
    assert.equal(new Set(ids).size, ids.length);
    const missing = ids.filter(id => !code.has(`server/rules/${id}.ts`));
    assert.deepEqual(missing, []);
    const unlisted = sources.filter(
      path =>
        /^server\/rules\/[^/]+\/[a-z0-9-]+\.ts$/.test(path) && !ids.includes(path.slice('server/rules/'.length, -3)),
    );
    assert.deepEqual(
      unlisted.filter(path => /: Rule\b/.test(code.get(path) ?? '')),
      [],
    );
  });

  test('package.json knows the same languages and patterns as the code', () => {
    const declared = new Map(manifest.contributes.languages.map(one => [one.id, one.filenamePatterns ?? []]));
    for (const language of languages) {
      const id = language.id === 'grub-default' ? 'shellscript' : language.id;
      assert.deepEqual([...(declared.get(id) ?? [])].sort(), [...language.patterns].sort(), language.id);
    }
  });

  test('package.json and the client know the same commands', () => {
    const declared = manifest.contributes.commands.map(one => one.command).sort();
    const client = sources
      .filter(path => path.startsWith('client/'))
      .map(path => code.get(path) ?? '')
      .join('\n');
    const registered = [...client.matchAll(/'(hostpci\.[a-zA-Z.]+)'/g)].map(found => found[1] as string);
    assert.deepEqual(
      declared.filter(id => !registered.includes(id)),
      [],
    );
  });

  test('every setting is read', () => {
    const text = [...code.values()].join('\n');
    const last = (key: string): string =>
      key.split('.').find((part, index) => index > 0 && part !== 'enabled') as string;
    const unread = Object.keys(manifest.contributes.configuration.properties)
      .filter(key => key !== 'hostpci.trace.server')
      .filter(key => !new RegExp(`['".]${last(key)}\\b`).test(text));
    assert.deepEqual(unread, []);
  });

  test('every message of ours is in the protocol table of README.md', () => {
    const messages = [...(code.get('server/protocol.ts') ?? '').matchAll(/'(hostpci\/\w+)'/g)].map(
      found => found[1] as string,
    );
    const readme = readFileSync(join(top, 'README.md'), 'utf8');
    assert.ok(messages.length > 3);
    assert.deepEqual(
      messages.filter(name => !readme.includes(`\`${name}\``)),
      [],
    );
  });

  test('tests that start programs are called *.slow.test.ts', () => {
    const tests = ['test/host', 'test/server', 'test/support'].flatMap(folder => filesBelow(join(top, folder)));
    const starting = new Set(['node:child_process']);
    const starts = (path: string): boolean => {
      const text = readFileSync(join(top, path), 'utf8');
      return [...foreignImports(text), ...relativeImports(path, text)].some(name => starting.has(name));
    };
    const helpers = tests.filter(path => path.startsWith('test/support/'));
    for (let size = 0; size < starting.size; ) {
      size = starting.size;
      for (const helper of helpers.filter(starts)) starting.add(helper);
    }
    assert.ok(starting.size > 3);
    assert.deepEqual(
      tests.filter(path => path.endsWith('.test.ts') && !path.endsWith('.slow.test.ts') && starts(path)),
      [],
    );
  });

  test('every file that the manifest names is there', () => {
    const named = [
      ...manifest.contributes.languages.map(one => one.configuration),
      ...manifest.contributes.grammars.map(one => one.path),
    ];
    for (const path of named) if (path !== undefined) assert.ok(readFileSync(join(top, path), 'utf8').length > 2, path);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(top, join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'));
}

const roomOf = (path: string): string | undefined =>
  [...corridor, ...Object.keys(sideDoors)].find(room => path === room || path.startsWith(`${room}/`));

function mayImport(from: string, to: string): boolean {
  const here = roomOf(from);
  const there = roomOf(to);
  if (here === undefined || there === undefined) return false;
  if (here === there) return true;
  const doors = sideDoors[here];
  return doors
    ? doors.includes(there)
    : corridor.indexOf(there) !== -1 && corridor.indexOf(there) < corridor.indexOf(here);
}

function relativeImports(path: string, text: string): readonly string[] {
  return importsIn(text)
    .filter(name => name.startsWith('.'))
    .map(name => relative(top, resolve(top, dirname(path), name)).replaceAll('\\', '/'))
    .filter(target => target.endsWith('.ts'));
}

const foreignImports = (text: string): readonly string[] => importsIn(text).filter(name => !name.startsWith('.'));

const importsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:import|export)\b[^;'"]*?\bfrom '([^']+)';|^import '([^']+)';|\bimport\('([^']+)'\)/gm)].map(
    found => (found[1] ?? found[2] ?? found[3]) as string,
  );

const onNode = /^(?:host\/(?:ssh|local)[^/]*\.ts|server\/(?:node|nodeFiles|session)\.ts|server\/cli\/.*|client\/.*)$/;

function mayUse(path: string, name: string): boolean {
  if (name.startsWith('node:')) return onNode.test(path);
  if (name === 'vscode' || name.startsWith('vscode-languageclient')) return path.startsWith('client/');
  if (name === 'vscode-languageserver-types')
    return /^server\/(?:services\/|languageService\.ts|protocol\.ts|connection\.ts)/.test(path);
  if (name.startsWith('vscode-languageserver'))
    return /^server\/(?:protocol|connection|session|capabilities|node|browser)\.ts$/.test(path);
  if (name === 'picomatch' && (path === 'server/rules/globs.ts' || path === 'host/sshConfig.ts')) return true;
  return path.startsWith('server/cli/') || path.startsWith('client/');
}

/** Groups of files that import each other; `import type` counts too. */
function circles(): readonly string[] {
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    state.set(path, 'open');
    for (const next of relativeImports(path, code.get(path) ?? '')) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of code.keys()) visit(path, []);
  return found;
}

const lineCount = (text: string): number => text.trimEnd().split('\n').length;

const limitOf = (path: string): number => (/^server\/rules\/[^/]+\//.test(path) ? 100 : 400);

const stripComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1');
