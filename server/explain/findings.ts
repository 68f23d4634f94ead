import type { SourceFile } from '../languages/language.ts';
import type { Rule } from '../rules/rule.ts';
import { type OnCrash, type RuleSettings, ruleSet, runRules } from '../rules/run.ts';
import { sameNode, type World } from '../workspace/world.ts';
import type { Clue } from './explain.ts';
import type { FoundReport } from './explanation.ts';

/** What the files are judged with. */
export interface Judge {
  readonly rules: readonly Rule[];
  readonly settings?: RuleSettings;
  readonly onCrash: OnCrash;
}

/**
 * What the rules of a clue report: about the guests that the text names, else about the guest in whose file it was asked,
 * else about all; and about the files of their host, which belong to no guest.
 */
export function findingsFor(
  world: World,
  judge: Judge,
  { guests, rules }: Clue,
  about: SourceFile | undefined,
): readonly FoundReport[] {
  const asked = ruleSet(judge.rules.filter(({ id }) => rules.has(id)));
  const isMeant = ({ place, uri }: SourceFile): boolean => {
    if (place.vmid === undefined) return true;
    if (guests.size > 0) return guests.has(place.vmid);
    return about?.place.vmid === undefined || about.uri === uri;
  };
  return [...world.files.values()]
    .filter(file => isMeant(file) && (about === undefined || sameNode(about, file)))
    .flatMap(file =>
      runRules(asked, file, world, judge.onCrash, judge.settings).map(report => ({
        ...report,
        uri: file.uri,
        text: file.lines[report.span.line] ?? '',
      })),
    );
}
