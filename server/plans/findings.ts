import { rules } from '../rules/index.ts';
import { ruleSet, runRules } from '../rules/run.ts';
import { textOf } from '../text/lines.ts';
import type { World } from '../workspace/world.ts';
import { applied } from './applied.ts';
import type { Change } from './plan.ts';

/**
 * What the rules will say of the files of a plan and do not say of them now: about the device, the host and other guests,
 * so that a plan and the diagnostics after it never disagree. Optional changes are taken as not made; `handled` are ids of
 * rules about what the plan speaks of by itself.
 */
export function newFindings(world: World, changes: readonly Change[], handled: readonly string[]): readonly string[] {
  const made = changes.filter(({ isOptional }) => !isOptional);
  const uris = new Set(
    made.flatMap(({ edits, creates }) => [...edits.map(({ uri }) => uri), ...(creates ? [creates.uri] : [])]),
  );
  const after = applied(world, made);
  return [...uris].flatMap(uri => {
    const before = new Set(findingsIn(world, uri).map(({ key }) => key));
    return findingsIn(after, uri)
      .filter(({ key, rule }) => !before.has(key) && !handled.includes(rule))
      .map(({ message }) => message);
  });
}

/** An error that the guest's file has already and keeps. */
export interface StandingError {
  readonly note: string;
  /** The VM does not start for it, or takes something from the host that it needs: a refused line alone does neither. */
  readonly stopsStart: boolean;
}

export function standingErrors(world: World, guest: string, changes: readonly Change[]): readonly StandingError[] {
  const after = applied(
    world,
    changes.filter(({ isOptional }) => !isOptional),
  );
  const before = new Set(findingsIn(world, guest).map(({ key }) => key));
  return findingsIn(after, guest)
    .filter(({ key, isError }) => isError && before.has(key))
    .map(({ message, rule }) => ({
      note: `Wrong already, and not mended by this: ${message}`,
      stopsStart: !/^(?:vmconf|conflict)\//.test(rule),
    }));
}

interface Finding {
  /** The same before and after, though the line may have moved. */
  readonly key: string;
  readonly rule: string;
  readonly message: string;
  readonly isError: boolean;
}

let known: ReturnType<typeof ruleSet> | undefined;

/** Errors and warnings. */
function findingsIn(world: World, uri: string): readonly Finding[] {
  known ??= ruleSet(rules);
  const file = world.files.get(uri);
  if (!file) return [];
  return runRules(known, file, world, () => {})
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ rule, span, message, severity }) => ({
      key: `${rule} ${textOf(file.lines, span)}`,
      rule,
      message,
      isError: severity === 'error',
    }));
}
