import { type ExplanationView, explanationView } from './services/explain.ts';
import * as plans from './services/prepare.ts';
import * as ways from './services/readiness.ts';
import type { Workbench } from './workbench.ts';

/**
 * What somebody asks for now and then: explanations, readiness, plans. Nobody needs this to edit a file, so the build makes
 * a file of its own of it and of all that only it uses, and the language service loads that when it is first asked.
 */
export function explain(bench: Workbench, text: string, about: string | undefined): ExplanationView {
  const file = about === undefined ? undefined : bench.world.files.get(about);
  return explanationView(text, bench.world, bench.judge, bench.ruleTexts, file);
}

export const subjects = ({ world }: Workbench): readonly ways.SubjectChoice[] => ways.subjects(world);

export const readiness = (bench: Workbench, subject: ways.Subject): ways.ReadinessView | undefined =>
  ways.readiness(bench.world, subject, bench.judge, bench.versionOf);

export const prepareChoices = (
  { world }: Workbench,
  host: string,
  addresses: readonly string[],
): plans.PrepareChoices | plans.Refusal => plans.prepareChoices(world, host, addresses);

export const prepare = ({ world, versionOf }: Workbench, wish: plans.Wish): plans.PlanView | plans.Refusal =>
  plans.prepare(world, wish, versionOf);
