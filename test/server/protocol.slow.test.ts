import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type {
  CodeAction,
  CodeLens,
  CompletionList,
  Hover,
  TextDocumentEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import type { ExplanationView, ReadinessView, TreeRow } from '../../server/protocol.ts';
import { ServerProcess } from '../support/serverProcess.ts';

/** The whole trip through the language server, as an editor other than VS Code makes it. */

const site = fileURLToPath(new URL('../sites/demo/', import.meta.url));
const uriOf = (path: string): string => pathToFileURL(site + path).href;
const textOf = (path: string): string => readFileSync(site + path, 'utf8');

const vm = 'etc/pve/nodes/pve1/qemu-server/101.conf';
const vfio = 'etc/modprobe.d/vfio.conf';

suite('the language server over stdio', () => {
  let server: ServerProcess;

  suiteSetup(async () => {
    server = new ServerProcess();
    const { capabilities, serverInfo } = await server.initialize();
    assert.equal(serverInfo?.name, 'hostpci');
    assert.ok(capabilities.completionProvider && capabilities.hoverProvider && capabilities.codeActionProvider);
    await server.open(uriOf(vm), 'pve-vm-conf', textOf(vm));
    await server.open(uriOf(vfio), 'modprobe', textOf(vfio));
  });

  suiteTeardown(async () => {
    assert.equal(await server.stop(), 0, 'exit code after shutdown and exit');
  });

  test('reports pcie=1 on a machine without PCIe, with a quick fix', async () => {
    const found = await server.diagnosticsWhen(uriOf(vm), all =>
      all.some(one => one.code === 'hostpci/pcie-needs-q35'),
    );
    const diagnostic = found.find(one => one.code === 'hostpci/pcie-needs-q35');
    assert.equal(diagnostic?.source, 'hostpci');
    assert.match(diagnostic?.codeDescription?.href ?? '', /hostpcipcie-needs-q35$/);
    const actions = await request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: uriOf(vm) },
      range: diagnostic?.range,
      context: { diagnostics: [diagnostic] },
    });
    const fix = actions.find(action => action.isPreferred && action.diagnostics?.[0]?.code === diagnostic?.code);
    const edit = fix?.edit?.documentChanges?.[0] as TextDocumentEdit;
    assert.deepEqual(edit.textDocument, { uri: uriOf(vm), version: 1 });
    assert.match(edit.edits.map(one => ('newText' in one ? one.newText : '')).join(), /q35/);
  });

  test('reports a vfio-pci id that no device has', async () => {
    await server.diagnosticsWhen(uriOf(vfio), all => all.some(one => one.code === 'modprobe/ids-unknown-device'));
  });

  test('completes the devices of the host after a change', async () => {
    await server.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: uriOf(vm), version: 2 },
      contentChanges: [{ range: rangeAt(0, 0), text: 'hostpci5: \n' }],
    });
    const { items } = await request<CompletionList>('textDocument/completion', {
      textDocument: { uri: uriOf(vm) },
      position: { line: 0, character: 10 },
    });
    assert.ok(
      items.some(item => /^(0000:)?01:00/.test(item.label)),
      items.map(item => item.label).join(' '),
    );
    await server.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: uriOf(vm), version: 3 },
      contentChanges: [{ range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: '' }],
    });
    const folded = await request<unknown[]>('textDocument/documentSymbol', { textDocument: { uri: uriOf(vm) } });
    assert.ok(folded.length > 0);
  });

  test('explains what is under the cursor', async () => {
    const line = textOf(vm)
      .split('\n')
      .findIndex(text => text.startsWith('hostpci'));
    const onKey = await hoverAt(line, 2);
    assert.match(onKey, /PCI/);
    const onAddress = await hoverAt(line, 'hostpci0: 0'.length);
    assert.match(onAddress, /IOMMU group/);
  });

  test('gives the rows of the device tree', async () => {
    const [host] = await request<TreeRow[]>('hostpci/deviceTree', { sort: 'group', filter: '' });
    assert.equal(host?.label, 'pve1');
    const devices = (host?.children ?? []).flatMap(group => group.children ?? []);
    assert.ok(devices.some(row => row.address === '0000:01:00.0'));
    const [narrowed] = await request<TreeRow[]>('hostpci/deviceTree', { sort: 'class', filter: '01:00.0' });
    assert.equal((narrowed?.children ?? []).flatMap(group => group.children ?? []).length, 1);
  });

  test('refuses a rename to a name that Proxmox would not take, in words', async () => {
    const line = textOf(vm)
      .split('\n')
      .findIndex(text => text.startsWith('name:'));
    const params = {
      textDocument: { uri: uriOf(vm) },
      position: { line: Math.max(0, line), character: 1 },
      newName: '!',
    };
    await assert.rejects(request<WorkspaceEdit>('textDocument/rename', params), /renamed|not a valid name/);
  });

  test('loads what explains and assesses when it is asked', async () => {
    const { matches } = await request<ExplanationView>('hostpci/explain', {
      text: 'VM 101: q35 machine model is not enabled at /usr/share/perl5/PVE/QemuServer/PCI.pm line 419.',
      uri: uriOf(vm),
    });
    assert.ok(matches[0]?.findings.some(({ rule, uri }) => rule === 'hostpci/pcie-needs-q35' && uri === uriOf(vm)));
    const subject = { kind: 'guest', uri: uriOf(vm) };
    const view = await request<ReadinessView | null>('hostpci/readiness', subject);
    assert.equal(view?.state, 'failed');
    assert.equal(await request('hostpci/readiness', { ...subject, uri: 'file:///gone' }), null);
  });

  async function hoverAt(line: number, character: number): Promise<string> {
    const hover = await request<Hover | null>('textDocument/hover', {
      textDocument: { uri: uriOf(vm) },
      position: { line, character },
    });
    const contents = hover?.contents;
    return contents && typeof contents === 'object' && 'value' in contents ? contents.value : '';
  }

  const request = <T>(method: string, params: unknown): Promise<T> => server.connection.sendRequest<T>(method, params);
});

suite('the language server and settings', () => {
  test('the first diagnostics are already by the severities that the editor starts it with', async () => {
    const server = new ServerProcess();
    const rules = { 'hostpci/*': { files: ['101.conf', '/nowhere/**'], severity: 'off' } };
    await server.initialize({ rules });
    await server.open(uriOf(vm), 'pve-vm-conf', textOf(vm));
    const first = await server.diagnosticsWhen(uriOf(vm), () => true);
    assert.deepEqual(
      first.filter(({ code }) => String(code).startsWith('hostpci/')),
      [],
    );
    for (const settings of [{ rules: { '*': { files: '**', severity: 'off' } } }, {}])
      await server.connection.sendNotification('workspace/didChangeConfiguration', { settings });
    await server.diagnosticsWhen(uriOf(vm), all => all.some(({ code }) => code === 'hostpci/pcie-needs-q35'));
    assert.equal(await server.stop(), 0);
  });
});

suite('the language server and an editor that can be told to ask again', () => {
  test('tells it when the site is read: lenses asked for at once know nothing of other files', async () => {
    const server = new ServerProcess();
    const views = ['codeLens', 'inlayHint', 'semanticTokens'];
    const told = views.map(
      view =>
        new Promise<void>(resolve => {
          server.connection.onRequest(`workspace/${view}/refresh`, () => resolve());
        }),
    );
    const workspace = Object.fromEntries(views.map(view => [view, { refreshSupport: true }]));
    await server.initialize({}, { workspace });
    await server.open(uriOf(vm), 'pve-vm-conf', textOf(vm));
    await Promise.all(told);
    const lenses = await server.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: uriOf(vm) },
    });
    assert.match(lenses.map(lens => lens.command?.title).join(), /Also claimed by .*103/);
    assert.equal(await server.stop(), 0);
  });
});

const rangeAt = (line: number, character: number) => ({ start: { line, character }, end: { line, character } });
