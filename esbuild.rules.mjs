// What the rules say of themselves (`docs`, `examples`) makes up half of the code, and nothing reads it when the program
// runs: the page of the rules, `server/data/rules.json` and the tests are made of it. The bundles go without.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SyntaxKind } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

const folder = join(import.meta.dirname, 'server/rules').replaceAll('\\', '/');
const texts = ['docs', 'examples'];

/** Loads the modules of server/rules/AREA/ without the texts; a rule whose texts it can't find fails the build. */
export const withoutRuleTexts = {
  name: 'without rule texts',
  setup({ onStart, onLoad }) {
    let modules = new Map();
    onStart(() => {
      modules = stripped();
    });
    onLoad({ filter: /[\\/]server[\\/]rules[\\/][^\\/]+[\\/][^\\/]+\.ts$/ }, ({ path }) => {
      const module = modules.get(path.replaceAll('\\', '/'));
      return module === undefined ? undefined : { loader: 'ts', ...module };
    });
  },
};

let last = { key: '', modules: new Map() };

/** By path: `contents` or `errors`. All bundles of a build share them, and a build after a change elsewhere does too. */
function stripped() {
  const sources = new Map(rulePaths().map(path => [path, readFileSync(path, 'utf8')]));
  const key = [...sources.entries()].flat().join('\0');
  if (key !== last.key) last = { key, modules: stripAll(sources) };
  return last.modules;
}

function rulePaths() {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/'))
    .filter(path => path.slice(folder.length + 1).includes('/'));
}

function stripAll(sources) {
  const config = `${folder}/tsconfig.json`; // exists in memory only: these files, without what they import
  const options = { noLib: true, noResolve: true, types: [], allowImportingTsExtensions: true, noEmit: true };
  const text = JSON.stringify({ compilerOptions: options, files: [...sources.keys()] });
  const onlyConfig = answer => path => (path === config ? answer : undefined);
  const api = new API({ cwd: folder, fs: { readFile: onlyConfig(text), fileExists: onlyConfig(true) } });
  try {
    const { program } = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    const results = [...sources].map(([path, source]) => [path, strip(path, source, program.getSourceFile(path))]);
    return new Map(results);
  } finally {
    api.close();
  }
}

/** Blanks the texts out and leaves everything else where it stands, so that source maps stay right. */
function strip(path, source, file) {
  const name = path.slice(folder.length + 1);
  const area = name.slice(0, name.indexOf('/') + 1);
  const found = [];
  const errors = [];
  visit(file, literal => {
    const properties = new Map(literal.properties.map(property => [property.name?.text, property]));
    const id = properties.get('id')?.initializer;
    if (id?.kind !== SyntaxKind.StringLiteral || !id.text.startsWith(area)) return;
    for (const text of texts) {
      const property = properties.get(text);
      if (property?.kind === SyntaxKind.PropertyAssignment) found.push(property);
      else errors.push({ text: `${id.text}: no \`${text}: …\` beside its id`, location: { file: path } });
    }
  });
  const isRule = readFileSync(`${folder}/index.ts`, 'utf8').includes(`'./${name}'`);
  if (isRule && found.length === 0) errors.push({ text: `no rule found in ${path}`, location: { file: path } });
  return errors.length > 0 ? { errors } : { contents: blanked(source, found) };
}

function visit(node, onLiteral) {
  if (node.kind === SyntaxKind.ObjectLiteralExpression) onLiteral(node);
  node.forEachChild(child => visit(child, onLiteral));
}

function blanked(source, nodes) {
  return nodes.reduce((text, { pos, end }) => {
    const comma = text[end] === ',' ? 1 : 0;
    const blanks = text.slice(pos, end + comma).replace(/[^\r\n]/g, ' ');
    return text.slice(0, pos) + blanks + text.slice(end + comma);
  }, source);
}
