import type { Range } from 'vscode-languageserver-types';
import { explain } from '../explain/explain.ts';
import type { FoundReport, Match } from '../explain/explanation.ts';
import { findingsFor, type Judge } from '../explain/findings.ts';
import type { SourceFile } from '../languages/language.ts';
import type { Severity } from '../rules/rule.ts';
import type { RuleTexts } from '../rules/ruleTexts.ts';
import { escapeMarkdown } from '../text/markdown.ts';
import type { World } from '../workspace/world.ts';
import { ruleUrl, toRange } from './convert.ts';

/** An explanation for an editor. */
export interface ExplanationView {
  readonly matches: readonly MatchView[];
  /** All of it as Markdown, escaped. */
  readonly markdown: string;
}

export interface MatchView {
  readonly excerpt: string;
  readonly line: number;
  readonly meaning: string;
  readonly advice: string;
  readonly rules: readonly { readonly id: string; readonly what: string; readonly url: string }[];
  readonly findings: readonly {
    readonly uri: string;
    readonly range: Range;
    readonly rule: string;
    readonly severity: Severity;
    readonly message: string;
  }[];
}

/** Explains a pasted text by what the files at hand show; `about` is the file that the question was asked in. */
export function explanationView(
  text: string,
  world: World,
  judge: Judge,
  texts: RuleTexts,
  about: SourceFile | undefined,
): ExplanationView {
  const { matches } = explain(text, clue => findingsFor(world, judge, clue, about));
  const views = matches.map(match => viewOf(match, texts));
  return { matches: views, markdown: markdownOf(views, path => world.files.get(path)?.place.path ?? path) };
}

const viewOf = ({ rules, findings, ...match }: Match, texts: RuleTexts): MatchView => ({
  ...match,
  rules: rules.map(id => ({ id, what: texts[id]?.what ?? '', url: ruleUrl(id) })),
  findings: findings.map(viewOfFinding),
});

const viewOfFinding = ({ uri, span, rule, severity, message }: FoundReport) => ({
  uri,
  range: toRange(span),
  rule,
  severity,
  message,
});

function markdownOf(matches: readonly MatchView[], nameOf: (uri: string) => string): string {
  if (matches.length === 0) return 'Nothing in this text is a message that hostpci knows.\n';
  return matches
    .map(({ excerpt, meaning, advice, findings, rules }) =>
      [
        `### ${escapeMarkdown(excerpt)}`,
        prose(meaning),
        `**What to do:** ${advice}`,
        ...(findings.length > 0
          ? ['**In your files:**', findings.map(one => findingLine(one, nameOf(one.uri))).join('\n')]
          : ['No file at hand shows the cause. What could:', rules.map(ruleLine).join('\n')]),
      ]
        .filter(part => part !== '')
        .join('\n\n'),
    )
    .join('\n\n')
    .concat('\n');
}

/** A meaning with what the message said in it, which is text of others; only our own code spans stay Markdown. */
const prose = (text: string): string =>
  text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? part : escapeMarkdown(part)))
    .join('`');

const findingLine = ({ uri, range, rule, message }: MatchView['findings'][number], name: string): string =>
  `- [${escapeMarkdown(name)}:${range.start.line + 1}](${uri}#L${range.start.line + 1}): ${escapeMarkdown(message)} ([${rule}](${ruleUrl(rule)}))`;

const ruleLine = ({ id, what, url }: MatchView['rules'][number]): string => `- [${id}](${url}): ${what}`;
