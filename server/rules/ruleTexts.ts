import type { LanguageId, Library } from '../languages/language.ts';
import type { Severity } from './rule.ts';

/**
 * What a rule says of itself, for people. `npm run docs` writes it from the rules to the data file `rules.json`; the
 * build takes `docs` and `examples` out of the rules, so that whoever needs a text when the program runs asks here.
 */
export interface RuleText {
  readonly severity: Severity;
  /** Ids of the languages that the rule looks at. */
  readonly languages: readonly LanguageId[];
  /** What is reported. */
  readonly what: string;
  /** What happens on the host if nothing is done. */
  readonly why: string;
  /** Where the fact comes from. */
  readonly source: string;
  /** Since which version it is so, where that matters. */
  readonly since?: string;
}

/** By the rule's id. Empty where the data file is not part of the build. */
export type RuleTexts = Readonly<Record<string, RuleText>>;

/** The texts of all rules, read when first asked for. */
export const ruleTexts = (library: Library): RuleTexts => library.read<RuleTexts>('rules') ?? {};
