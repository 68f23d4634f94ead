import type { Suggestion, Surroundings } from '../language.ts';
import { maybe, suggest, type Target } from '../vmConf/suggest.ts';
import { typeText } from '../vmConf/typeText.ts';
import { entriesOf } from './config.ts';
import { ctTable } from './ctTable.generated.ts';
import { docsOf, keyDocs, rawDocs } from './docs.ts';
import { ctOption } from './options.ts';
import { rawKeys } from './rawKeys.ts';
import type { CtConf, CtSection } from './tree.ts';

/** What a new container needs comes first; what Proxmox writes itself comes last. */
const order = [
  'dev',
  'mp',
  'net',
  'features',
  'unprivileged',
  'hostname',
  'cores',
  'memory',
  'swap',
  'rootfs',
  'ostype',
];

/** Options that the section lacks, and of each family the next free member. */
export function optionKeys(
  tree: CtConf,
  section: CtSection,
  target: Target,
  around: Surroundings,
  hasValue: boolean,
): readonly Suggestion[] {
  const taken = new Set([...entriesOf(tree, section)].map(({ key }) => key.text));
  if (hasValue) taken.delete(target.token.text);
  const keys = [...Object.keys(ctTable.options).filter(key => !taken.has(key)), ...freeMembers(taken)];
  if (section.kind === 'pending') keys.push('delete');
  const docs = docsOf(around.library);
  return keys.map(key => {
    const option = ctOption(key);
    const about = option && keyDocs(docs, option);
    const place = order.indexOf(option?.name ?? key);
    return suggest(target, key, 'key', {
      rank: about?.applies === 'record' ? 800 : place === -1 ? 100 : place,
      insert: hasValue ? key : `${key}: `,
      again: !hasValue,
      ...maybe('detail', option && typeText(option.schema)),
      ...maybe('documentation', about?.text ?? docs.extra[key]),
    });
  });
}

function* freeMembers(taken: ReadonlySet<string>): Generator<string> {
  for (const [name, { last }] of Object.entries(ctTable.families)) {
    let index = 0;
    while (index <= last && taken.has(`${name}${index}`)) index++;
    if (index <= last) yield `${name}${index}`;
  }
}

/** Keys for LXC itself; they may stand more than once. */
export function rawKeyNames(target: Target, around: Surroundings, hasValue: boolean): readonly Suggestion[] {
  const docs = docsOf(around.library);
  return rawKeys().map(key =>
    suggest(target, key, 'key', {
      rank: /^lxc\.(?:cgroup2\.devices\.allow|mount\.entry|idmap)$/.test(key) ? 300 : 600,
      insert: hasValue ? key : `${key}: `,
      again: !hasValue,
      detail: 'for LXC',
      ...maybe('documentation', rawDocs(docs, key)),
    }),
  );
}

/** The section of pending changes, where there is none. */
export function headerKeys(tree: CtConf, target: Target): readonly Suggestion[] {
  if (tree.sections.some(({ kind }) => kind === 'pending')) return [];
  return [suggest(target, '[pve:pending]', 'section', { rank: 900, detail: 'changes for the next start' })];
}
