import {
  type CodeLens,
  type CompletionList,
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  type Hover,
  type InlayHint,
  type MarkupContent,
  MarkupKind,
  type SelectionRange,
  type SemanticTokens,
  type SignatureHelp,
  type TextEdit,
} from 'vscode-languageserver-types';
import type { Language, SourceFile, Suggestion, Surroundings, SymbolNode } from '../languages/language.ts';
import { fromLines } from '../text/lines.ts';
import type { Position } from '../text/span.ts';
import { hasInOrder } from '../text/subsequence.ts';
import { optional, toCompletionItem, toRange, toSymbolKind } from './convert.ts';
import { tokenModifiers, tokenTypes } from './tokenLegend.ts';

/** The editor features that a language answers by itself, in LSP's shapes. One function a feature; nothing is decided here. */

export function completions(language: Language, file: SourceFile, at: Position, around: Surroundings): CompletionList {
  const found = language.complete?.(file, at, around) ?? [];
  const shown = found.length > mostSuggestions ? found.filter(one => fits(one, file, at)) : found;
  return {
    isIncomplete: shown.length > mostSuggestions || shown.length < found.length || found.some(isChosen),
    items: shown.slice(0, mostSuggestions).map(toCompletionItem),
  };
}

/** An editor is slow with thousands of suggestions: it gets the first ones that fit, and asks again after a keystroke. */
const mostSuggestions = 200;

/** Names of modules are chosen by what is typed, out of thousands: with a letter more or less there are others. */
const isChosen = ({ kind }: Suggestion): boolean => kind === 'module';

/** What is typed of a suggestion are characters of it, in their order: no editor shows it otherwise. */
const fits = ({ label, filter = label, replace }: Suggestion, file: SourceFile, at: Position): boolean =>
  hasInOrder(filter.toLowerCase(), (file.lines[at.line] ?? '').slice(replace.start, at.column).toLowerCase());

export function hover(language: Language, file: SourceFile, at: Position, around: Surroundings): Hover | null {
  const found = language.hover?.(file, at, around);
  return found ? { range: toRange(found.span), contents: { kind: MarkupKind.Markdown, value: found.markdown } } : null;
}

export const symbols = (language: Language, file: SourceFile): readonly DocumentSymbol[] =>
  (language.symbols?.(file) ?? []).map(toDocumentSymbol);

function toDocumentSymbol(node: SymbolNode): DocumentSymbol {
  return {
    // An editor refuses a symbol without a name.
    name: node.name.trim() === '' ? '(empty)' : node.name,
    kind: toSymbolKind(node.kind),
    range: toRange(node.span),
    selectionRange: toRange(node.nameSpan),
    children: (node.children ?? []).map(toDocumentSymbol),
    ...optional('detail', node.detail),
  };
}

export const folds = (language: Language, file: SourceFile): readonly FoldingRange[] =>
  (language.folds?.(file) ?? []).map(fold => ({
    startLine: fold.from,
    endLine: fold.to,
    kind: fold.kind === 'comment' ? FoldingRangeKind.Comment : FoldingRangeKind.Region,
  }));

export const inlayHints = (language: Language, file: SourceFile, around: Surroundings): readonly InlayHint[] =>
  (language.hints?.(file, around) ?? []).map(hint => ({
    position: { line: hint.at.line, character: hint.at.column },
    label: hint.label,
    paddingLeft: true,
    ...optional('tooltip', hint.tooltip),
  }));

export const codeLenses = (language: Language, file: SourceFile, around: Surroundings): readonly CodeLens[] =>
  (language.lenses?.(file, around) ?? []).map(lens => ({
    range: toRange(lens.span),
    command: {
      title: lens.title,
      command: lens.command?.id ?? '',
      arguments: [...(lens.command?.arguments ?? [])],
    },
  }));

export function signatureHelp(
  language: Language,
  file: SourceFile,
  at: Position,
  around: Surroundings,
): SignatureHelp | null {
  const found = language.signature?.(file, at, around);
  if (!found) return null;
  return {
    signatures: [
      {
        label: found.label,
        parameters: found.parameters.map(one => ({
          label: one.label,
          ...optional('documentation', markdown(one.documentation)),
        })),
        ...optional('documentation', markdown(found.documentation)),
      },
    ],
    activeSignature: 0,
    activeParameter: found.active,
  };
}

const markdown = (value: string | undefined): MarkupContent | undefined =>
  value === undefined ? undefined : { kind: MarkupKind.Markdown, value };

export function selectionRange(language: Language, file: SourceFile, at: Position): SelectionRange {
  const spans = language.selections?.(file, at) ?? [];
  const here = { start: { line: at.line, character: at.column }, end: { line: at.line, character: at.column } };
  const chain = [...spans]
    .reverse()
    .reduce<SelectionRange | undefined>(
      (parent, where) => ({ range: toRange(where), ...optional('parent', parent) }),
      undefined,
    );
  return chain ?? { range: here };
}

export function semanticTokens(language: Language, file: SourceFile): SemanticTokens {
  const data: number[] = [];
  let line = 0;
  let column = 0;
  for (const one of language.semanticTokens?.(file) ?? []) {
    const modifiers = (one.modifiers ?? []).reduce((bits, name) => bits | (1 << tokenModifiers.indexOf(name)), 0);
    const fromColumn = one.span.line === line ? column : 0;
    const length = one.span.end - one.span.start;
    data.push(one.span.line - line, one.span.start - fromColumn, length, tokenTypes.indexOf(one.type), modifiers);
    line = one.span.line;
    column = one.span.start;
  }
  return { data };
}

/** One edit of the whole text, or none when it already is as it should be. */
export function formatting(language: Language, file: SourceFile): readonly TextEdit[] {
  const text = language.format?.(file);
  if (text === undefined || text === fromLines(file.lines)) return [];
  const last = file.lines.length - 1;
  const end = { line: last, character: file.lines[last]?.length ?? 0 };
  return [{ range: { start: { line: 0, character: 0 }, end }, newText: text }];
}
