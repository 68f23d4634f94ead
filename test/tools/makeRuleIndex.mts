import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `npm run docs`, first half: lists every module of `server/rules/<area>/` that exports a rule, sorted by id. */
const folder = fileURLToPath(new URL('../../server/rules/', import.meta.url));

const found = readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && entry.parentPath.replace(/[\\/]$/, '') !== folder.replace(/[\\/]$/, ''))
  .map(entry => {
    const text = readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8');
    const area = entry.parentPath.replaceAll('\\', '/').replace(/\/$/, '').split('/').pop() as string;
    return { id: `${area}/${entry.name.slice(0, -3)}`, name: /^export const (\w+)(?:: Rule\b|\s*=\s*\w*[rR]ule\w*\()/m.exec(text)?.[1] };
  })
  .filter((rule): rule is { id: string; name: string } => rule.name !== undefined)
  .sort((a, b) => (a.id < b.id ? -1 : 1));

// Two areas may have a rule of the same last name; their area tells them apart.
const names = found.map(rule => rule.name);
const local = (rule: { id: string; name: string }): string => {
  if (names.indexOf(rule.name) === names.lastIndexOf(rule.name)) return rule.name;
  const area = rule.id.slice(0, rule.id.indexOf('/'));
  return `${area}${rule.name[0]?.toUpperCase()}${rule.name.slice(1)}`;
};

const imports = found.map(rule => {
  const name = local(rule);
  return `import { ${name === rule.name ? name : `${rule.name} as ${name}`} } from './${rule.id}.ts';`;
});

writeFileSync(
  `${folder}index.ts`,
  [
    '// Made by `npm run docs` from the files below this folder.',
    ...[...imports, "import type { Rule } from './rule.ts';"].sort((a, b) => (/'(.*)'/.exec(a)?.[1] as string).localeCompare(/'(.*)'/.exec(b)?.[1] as string)),
    '',
    '/** All rules, sorted by id. */',
    'export const rules: readonly Rule[] = [',
    ...found.map(rule => `  ${local(rule)},`),
    '];',
    '',
  ].join('\n'),
);
