import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { PlanView, PrepareChoices, Refusal, TreeRow, Wish } from '../../server/protocol.ts';
import * as protocol from '../../server/protocol.ts';
import type { Server } from '../languageClient.ts';
import type { MarkdownPages } from '../markdownPages.ts';
import type { ReadinessView } from '../readiness/readinessView.ts';
import { takenOf } from '../tree/taken.ts';
import { askWish, type Wanted } from './wish.ts';

/** What the command works with. */
export interface PrepareParts {
  readonly server: Server;
  readonly readiness: ReadinessView;
  readonly pages: MarkdownPages;
}

/**
 * "Prepare Device…": asks how and for which VM, shows every change to be ticked or unticked, makes them, and tells
 * what is to be run. Without rows it asks for the device, too.
 */
export async function prepareDevice(parts: PrepareParts, rows: readonly TreeRow[]): Promise<void> {
  const client = await parts.server.startWithWorkspace();
  const wanted = wantedBy(rows) ?? (await pickDevice(client));
  if (!wanted) return;
  const choices = await client.sendRequest(protocol.prepareChoices, wanted);
  if (!('ways' in choices))
    return showRefusal(`${rows.length === 1 ? rows[0]?.label : 'This'} cannot be given to a VM`, choices);
  if (choices.guests.length === 0) return void vscode.window.showInformationMessage(noGuests);
  const wish = await askWish(wanted, choices);
  if (!wish) return;
  if (isRefusal(wish)) return showRefusal(`${choices.device} cannot be given to a VM as a whole`, wish);
  const plan = await client.sendRequest(protocol.prepare, wish);
  if (isRefusal(plan)) return showRefusal(`${choices.device} cannot be given to ${guestName(choices, wish)}`, plan);
  await carryOut(parts, client, wish, plan);
}

const noGuests = 'No VM of this host is known. Open a folder that holds its etc/ first.';

const guestName = ({ guests }: PrepareChoices, { guest }: Wish): string =>
  guests.find(one => one.uri === guest)?.label ?? 'this VM';

const isRefusal = (answer: object): answer is Refusal => 'refused' in answer;

async function showRefusal(title: string, { refused }: Refusal): Promise<void> {
  const detail = refused.map(reason => (refused.length > 1 ? `• ${reason}` : reason)).join('\n\n');
  await vscode.window.showWarningMessage(`${title}.`, { modal: true, detail });
}

/** What rows of the tree stand for; a mapping is none of it. */
function wantedBy(rows: readonly TreeRow[]): Wanted | undefined {
  const taken = takenOf(rows);
  const parts = taken?.devices.filter(one => !one.startsWith('mapping=')).map(one => one.split(',mdev=')) ?? [];
  const addresses = [...new Set(parts.flatMap(([address]) => address ?? []))];
  return taken && addresses.length > 0 ? { host: taken.host, addresses, mdevType: parts[0]?.[1] } : undefined;
}

async function pickDevice(client: LanguageClient): Promise<Wanted | undefined> {
  const hosts = await client.sendRequest(protocol.deviceTree, { sort: 'class', filter: '' });
  const items = hosts.flatMap(host => [
    { label: host.label, kind: vscode.QuickPickItemKind.Separator },
    ...devicesIn(host).map(row => ({
      label: `$(${row.icon ?? 'circuit-board'}) ${row.label}`,
      description: row.description ?? '',
      row,
    })),
  ]);
  if (items.length === 0) {
    void vscode.window.showInformationMessage('No host is known yet. Add one to the device tree, or its snapshot.');
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick<(typeof items)[number]>(items, {
    title: 'Prepare Device',
    placeHolder: 'Which device?',
    matchOnDescription: true,
  });
  return chosen && 'row' in chosen ? wantedBy([chosen.row]) : undefined;
}

/** Every device that can be given away, each once. */
const devicesIn = (row: TreeRow): readonly TreeRow[] =>
  (row.children ?? []).flatMap(child => [
    ...(child.address !== undefined && child.takes !== undefined ? [child] : []),
    ...devicesIn(child),
  ]);

async function carryOut(parts: PrepareParts, client: LanguageClient, wish: Wish, plan: PlanView): Promise<void> {
  await tellPlan(parts, plan);
  if (plan.changeCount === 0) return;
  const edit = await withPreview(await client.protocol2CodeConverter.asWorkspaceEdit(plan.edit), wish.guest);
  if (!(await vscode.workspace.applyEdit(edit, { isRefactoring: true }))) return;
  await parts.readiness.show({ kind: 'guest', uri: wish.guest }, true);
  const left = await client.sendRequest(protocol.prepare, wish);
  void tellCommands(parts, plan, isRefusal(left) ? [] : left.commands, unsaved(edit));
}

/** The plan to be read: why each change, what else to know, and what to change by hand where nobody has a copy of a file. */
async function tellPlan({ pages }: PrepareParts, { markdown }: PlanView): Promise<void> {
  await pages.show('Plan', markdown);
}

/**
 * VS Code shows its refactoring preview when a change asks to be confirmed, and draws just that one unticked. What a plan
 * needs shall be ticked, so that a change asks which is none: to create a file that exists.
 */
async function withPreview(edit: vscode.WorkspaceEdit, guest: string): Promise<vscode.WorkspaceEdit> {
  const files = [...edit.entries().map(([uri]) => uri), vscode.Uri.parse(guest)];
  for (const uri of files) {
    if (!(await exists(uri))) continue;
    edit.createFile(uri, { ignoreIfExists: true }, { label: 'Preview', needsConfirmation: true });
    break;
  }
  return edit;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** VS Code saves what a refactoring changed in several files, and leaves a single one to the user. */
const unsaved = (edit: vscode.WorkspaceEdit): readonly vscode.TextDocument[] => {
  const changed = new Set(edit.entries().map(([uri]) => uri.toString()));
  return vscode.workspace.textDocuments.filter(one => one.isDirty && changed.has(one.uri.toString()));
};

async function tellCommands(
  parts: PrepareParts,
  plan: PlanView,
  left: PlanView['commands'],
  dirty: readonly vscode.TextDocument[],
): Promise<void> {
  const [copy, show] = ['Copy Commands', 'Show Plan'];
  // What a change would need that somebody left out is not due.
  const due = plan.commands.filter(one => !left.some(({ command, why }) => command === one.command && why === one.why));
  const commands = due.map(one => one.command);
  const save = dirty.length === 0 ? '' : ` Save ${dirty.map(({ uri }) => uri.path.split('/').at(-1)).join(', ')}.`;
  const then = `${save}${commands.length === 0 ? '' : ` Then run on the host: ${commands.join('; ')}`}`;
  const chosen = await vscode.window.showInformationMessage(
    `${plan.title}: done.${then}`,
    ...(commands.length > 0 ? [copy] : []),
    show,
  );
  if (chosen === copy) await vscode.env.clipboard.writeText(commands.join('\n'));
  if (chosen === show) await tellPlan(parts, plan);
}
