import {
  type AnnotatedTextEdit,
  type ChangeAnnotation,
  type CodeAction,
  CodeActionKind,
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type CreateFile,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  InsertTextFormat,
  type Position as LspPosition,
  SymbolKind as LspSymbolKind,
  MarkupKind,
  type Range,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-types';
import type { Suggestion, SuggestionKind, SymbolKind } from '../languages/language.ts';
import type { Change } from '../plans/plan.ts';
import type { Fix, Report, Severity } from '../rules/rule.ts';
import type { Edit, FileEdit } from '../text/edit.ts';
import type { Position, Span } from '../text/span.ts';

/** The only place where our plain data becomes LSP's shapes, and the other way round. */

/** Where the pages of the rules are; a rule's id is the anchor, with `/` as `-`. */
const rulePages = 'https://github.com/hostpci/hostpci/blob/main/server/rules/README.md';

export const toRange = (where: Span): Range => ({
  start: { line: where.line, character: where.start },
  end: { line: where.endLine, character: where.end },
});

export const toSpan = (range: Range): Span => ({
  line: range.start.line,
  start: range.start.character,
  endLine: range.end.line,
  end: range.end.character,
});

export const toPosition = (at: LspPosition): Position => ({ line: at.line, column: at.character });

export const toTextEdit = (edit: Edit): TextEdit => ({ range: toRange(edit.span), newText: edit.text });

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function toDiagnostic(report: Report): Diagnostic {
  return {
    range: toRange(report.span),
    severity: severities[report.severity],
    source: 'hostpci',
    code: report.rule,
    codeDescription: { href: ruleUrl(report.rule) },
    message: report.message,
    ...(report.tag
      ? { tags: [report.tag === 'unnecessary' ? DiagnosticTag.Unnecessary : DiagnosticTag.Deprecated] }
      : {}),
    ...(report.related?.length
      ? {
          relatedInformation: report.related.map(one => ({
            location: { uri: one.uri, range: toRange(one.span) },
            message: one.message,
          })),
        }
      : {}),
  };
}

export const ruleUrl = (rule: string): string => `${rulePages}#${rule.replace('/', '')}`;

export const toCodeAction = (report: Report, fix: Fix, versions: FileVersions, preferred: boolean): CodeAction => ({
  title: fix.title,
  kind: CodeActionKind.QuickFix,
  diagnostics: [toDiagnostic(report)],
  isPreferred: preferred,
  edit: toWorkspaceEdit(fix.edits, versions),
});

/** The version of an open document; `null` for a file that no editor holds. */
export type FileVersions = (uri: string) => number | null;

/** A versioned edit over any number of files: an editor refuses it when one of them has changed meanwhile. */
export function toWorkspaceEdit(edits: readonly FileEdit[], versions: FileVersions): WorkspaceEdit {
  const files = new Map<string, TextEdit[]>();
  for (const edit of edits) {
    const list = files.get(edit.uri) ?? [];
    list.push(toTextEdit(edit));
    files.set(edit.uri, list);
  }
  return {
    documentChanges: [...files].map(([uri, list]) => ({ textDocument: { uri, version: versions(uri) }, edits: list })),
  };
}

/**
 * Changes of a plan, each with an annotation of its own, so that a preview lists it and somebody can untick it; optional
 * ones ask to be confirmed. Files are made before anything is written, one text edit a file holds what all changes write.
 */
export function toAnnotatedEdit(changes: readonly Change[], versions: FileVersions): WorkspaceEdit {
  const annotations: Record<string, ChangeAnnotation> = {};
  const made: (CreateFile | TextDocumentEdit)[] = [];
  const files = new Map<string, AnnotatedTextEdit[]>();
  changes.forEach(({ label, why, isOptional, edits, creates }, index) => {
    const annotationId = `change${index + 1}`;
    annotations[annotationId] = { label, description: why, needsConfirmation: isOptional === true };
    for (const edit of edits) {
      files.set(edit.uri, [...(files.get(edit.uri) ?? []), { ...toTextEdit(edit), annotationId }]);
    }
    if (!creates) return;
    const { uri, text } = creates;
    const start = { line: 0, character: 0 };
    made.push(
      { kind: 'create', uri, options: { ignoreIfExists: true }, annotationId },
      { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text, annotationId }] },
    );
  });
  const written = [...files].map(([uri, edits]) => ({ textDocument: { uri, version: versions(uri) }, edits }));
  return { documentChanges: [...made, ...written], changeAnnotations: annotations };
}

const itemKinds: Record<SuggestionKind, CompletionItemKind> = {
  key: CompletionItemKind.Field,
  property: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  device: CompletionItemKind.Interface,
  module: CompletionItemKind.Module,
  section: CompletionItemKind.Class,
  snippet: CompletionItemKind.Snippet,
  reference: CompletionItemKind.Reference,
  file: CompletionItemKind.File,
};

export function toCompletionItem(one: Suggestion): CompletionItem {
  return {
    label: one.label,
    kind: itemKinds[one.kind],
    textEdit: { range: toRange(one.replace), newText: one.insert },
    insertTextFormat: one.snippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    ...labelDetails(one),
    ...optional('detail', [one.note, one.detail].filter(Boolean).join(' · ') || undefined),
    ...optional('documentation', one.documentation && { kind: MarkupKind.Markdown, value: one.documentation }),
    ...optional('filterText', one.filter),
    ...optional('sortText', one.sort),
    ...(one.deprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
    ...(one.again ? { command: { title: 'Suggest', command: 'editor.action.triggerSuggest' } } : {}),
  };
}

/** The name of a device stands right behind its address, where a narrow list still shows it; the rest at the row's end. */
function labelDetails({ detail, note }: Suggestion): Pick<CompletionItem, 'labelDetails'> {
  const [first, last] = note ? [note, detail] : [detail, undefined];
  return first || last
    ? { labelDetails: { ...optional('detail', first && `  ${first}`), ...optional('description', last) } }
    : {};
}

const symbolKinds: Record<SymbolKind, LspSymbolKind> = {
  section: LspSymbolKind.Namespace,
  key: LspSymbolKind.Property,
  device: LspSymbolKind.Interface,
  module: LspSymbolKind.Module,
  value: LspSymbolKind.Constant,
  string: LspSymbolKind.String,
};

export const toSymbolKind = (kind: SymbolKind): LspSymbolKind => symbolKinds[kind];

/** `{ [name]: value }`, or nothing when the value is not there: what exactOptionalPropertyTypes asks for. */
export function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined | '' | null,
): { readonly [key in Name]?: Value } {
  return value === undefined || value === '' || value === null
    ? {}
    : ({ [name]: value } as { readonly [key in Name]: Value });
}
