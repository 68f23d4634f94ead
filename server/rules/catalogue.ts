import type { Example, Rule } from './rule.ts';
import type { RuleTexts } from './ruleTexts.ts';
import { languagesOf } from './run.ts';

/** The page that every diagnostic links to, made of what the rules say of themselves. */
export function renderCatalogue(rules: readonly Rule[]): string {
  const areas = new Map<string, Rule[]>();
  for (const rule of rules) areas.set(areaOf(rule), [...(areas.get(areaOf(rule)) ?? []), rule]);
  return [
    '# Rules',
    '',
    '<!-- Made by `npm run docs` from the rules themselves; a test fails when it is out of date. -->',
    '',
    `${rules.length} rules. Each can be given another severity or be switched off with the setting \`hostpci.rules\`, by its id or`,
    'by its area (`"modprobe/*": "off"`). In files whose comments are comments, `# hostpci:ignore ID` on the line before',
    'silences a rule for one line, `# hostpci:ignore-file ID` for the file.',
    '',
    ...[...areas].map(([area, members]) => `- **${area}**: ${members.map(link).join(', ')}`),
    '',
    ...rules.flatMap(renderRule),
  ].join('\n');
}

/** The data file that stands in for `docs` when the program runs. */
export function renderTexts(rules: readonly Rule[]): string {
  const texts: RuleTexts = Object.fromEntries(
    rules.map(rule => {
      const languages = languagesOf(rule).map(({ id }) => id);
      return [rule.id, { severity: rule.severity, languages, ...rule.docs }];
    }),
  );
  return `${JSON.stringify(texts, null, 1)}\n`;
}

const areaOf = (rule: Rule): string => rule.id.slice(0, rule.id.indexOf('/'));

const link = (rule: Rule): string => `[${rule.id.slice(rule.id.indexOf('/') + 1)}](#${rule.id.replace('/', '')})`;

function renderRule(rule: Rule): readonly string[] {
  const { what, why, source, since } = rule.docs;
  return [
    `## ${rule.id}`,
    '',
    `*${rule.severity}* · ${rule.language.name}${since ? ` · since ${since}` : ''}`,
    '',
    what,
    '',
    `**Why it matters.** ${why}`,
    '',
    ...rule.examples.flatMap(renderExample),
    `Source: ${source}`,
    '',
  ];
}

function renderExample({ bad, fixed, good }: Example): readonly string[] {
  return [
    'Reported (between « and »):',
    ...fence(bad),
    ...(fixed === undefined ? [] : ['After the quick fix:', ...fence(fixed)]),
    'Not reported:',
    ...fence(good),
  ];
}

/** A fence longer than any run of backticks inside it. */
function fence(text: string): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(found => found[0].length));
  const ticks = '`'.repeat(longest + 1);
  return [`${ticks}text`, text.replace(/\r/g, '␍').replace(/\n$/, ''), ticks, ''];
}
