import type { Language, SourceFile } from '../languages/language.ts';
import { commonEnds, type Lines } from '../text/lines.ts';
import { Picks } from '../text/picks.ts';
import type { World } from '../workspace/world.ts';
import type { Finding, Report, Rule, Severity } from './rule.ts';

/** What settings say about rules. */
export interface RuleSettings {
  /** The severity to use for a rule in a file; `off` silences it, `undefined` keeps the rule's own. */
  severityOf(rule: string, uri: string): Severity | 'off' | undefined;
}

export const defaultSettings: RuleSettings = { severityOf: () => undefined };

/** Called with every rule that threw. Tests throw on; the server logs rule and file. */
export type OnCrash = (rule: Rule, file: SourceFile, error: unknown) => void;

/**
 * Runs rules on one file, in order of place. A rule that throws costs its own findings only.
 */
export function runRules(
  rules: RuleSet,
  file: SourceFile,
  world: World,
  onCrash: OnCrash,
  settings: RuleSettings = defaultSettings,
): readonly Report[] {
  const reports: Report[] = [];
  for (const { mayFind, members } of rules.get(file.place.language) ?? []) {
    if (mayFind?.(file, world) === false) continue;
    for (const rule of members) {
      try {
        for (const finding of rule.check(file, world)) {
          // Asked here, because most rules find nothing in most files.
          const severity = settings.severityOf(rule.id, file.uri);
          if (severity === 'off') break;
          if (!isSuppressed(file, rule, finding)) reports.push(toReport(rule, finding, severity));
        }
      } catch (error) {
        if (settings.severityOf(rule.id, file.uri) !== 'off') onCrash(rule, file, error);
      }
    }
  }
  return reports.length > 1 ? reports.sort(byPlace) : reports;
}

/** The rules of each language, those together that ask the same `mayFind`. */
export type RuleSet = ReadonlyMap<string, readonly RuleGroup[]>;

interface RuleGroup {
  readonly mayFind: Rule['mayFind'];
  readonly members: readonly Rule[];
}

/** Sorts rules by the language they look at, and by what tells whether they are worth the while. */
export function ruleSet(rules: readonly Rule[]): RuleSet {
  const set = new Map<string, Map<Rule['mayFind'], Rule[]>>();
  for (const rule of rules) {
    for (const { id } of languagesOf(rule)) {
      const groups = set.get(id) ?? new Map<Rule['mayFind'], Rule[]>();
      set.set(id, groups.set(rule.mayFind, [...(groups.get(rule.mayFind) ?? []), rule]));
    }
  }
  return new Map([...set].map(([id, groups]) => [id, [...groups].map(([mayFind, members]) => ({ mayFind, members }))]));
}

/** The languages that a rule looks at. */
export const languagesOf = (rule: Rule): readonly Language[] => [rule.language, ...(rule.alsoIn ?? [])];

function toReport(rule: Rule, finding: Finding, severity: Severity | undefined): Report {
  return { ...finding, rule: rule.id, severity: severity ?? finding.severity ?? rule.severity };
}

const byPlace = (a: Report, b: Report): number =>
  a.span.line - b.span.line ||
  a.span.start - b.span.start ||
  a.span.endLine - b.span.endLine ||
  a.span.end - b.span.end ||
  (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);

const suppression = /\bhostpci:(?:ignore|disable)(-file)?[ \t]+([a-z0-9/, *-]+)/;

/**
 * In languages whose comments are comments, `# hostpci:ignore area/rule` on the line before (or above that, in a block of
 * comments) silences a rule there, and `# hostpci:ignore-file area/rule` in the whole file. In a VM .conf a comment is the
 * VM's notes, so there settings do it.
 */
function isSuppressed(file: SourceFile, rule: Rule, finding: Finding): boolean {
  const mark = languagesOf(rule).find(({ id }) => id === file.place.language)?.lineComment;
  if (mark === undefined) return false;
  if (suppressedInFile(file, mark).some(id => matches(id, rule.id))) return true;
  for (let line = finding.span.line - 1; line >= 0; line--) {
    const text = (file.lines[line] ?? '').trimStart();
    if (!text.startsWith(mark)) return false;
    const found = suppression.exec(text);
    if (found && !found[1] && idsIn(found).some(id => matches(id, rule.id))) return true;
  }
  return false;
}

/** Of the file that was judged last: after a keystroke only the lines that changed are looked at again. */
let last: { readonly lines: Lines; readonly picks: Picks<string> } = { lines: [], picks: new Picks<string>([]) };

const isForFile = (line: string): boolean => line.includes('hostpci:') && suppression.exec(line)?.[1] !== undefined;

function suppressedInFile({ lines }: SourceFile, mark: string): readonly string[] {
  if (last.lines !== lines) {
    const { head, tail } = commonEnds(last.lines, lines);
    const fresh = lines.slice(head, lines.length - tail);
    last = { lines, picks: last.picks.spliced(lines, head, last.lines.length - tail, fresh) };
  }
  return last.picks.of(isForFile).flatMap(at => {
    const text = (lines[at] as string).trimStart();
    const found = text.startsWith(mark) ? suppression.exec(text) : null;
    return found?.[1] ? idsIn(found) : [];
  });
}

const idsIn = (found: RegExpExecArray): readonly string[] =>
  (found[2] as string).split(/[\s,]+/).filter(id => id !== '');

const matches = (pattern: string, id: string): boolean =>
  pattern === id || pattern === '*' || (pattern.endsWith('/*') && id.startsWith(pattern.slice(0, -1)));
