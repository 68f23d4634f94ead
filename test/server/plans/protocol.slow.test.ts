import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PlanView, PrepareChoices, Refusal } from '../../../server/protocol.ts';
import { ServerProcess } from '../../support/serverProcess.ts';

/** Both requests through the built server. */

const site = fileURLToPath(new URL('../../sites/demo/', import.meta.url));
const uriOf = (path: string): string => pathToFileURL(site + path).href;
const vm = 'etc/pve/nodes/pve1/qemu-server/101.conf';
const host = uriOf('pve1.snapshot');

suite('preparing a device over stdio', () => {
  let server: ServerProcess;

  suiteSetup(async () => {
    server = new ServerProcess();
    await server.initialize();
    await server.open(uriOf(vm), 'pve-vm-conf', readFileSync(site + vm, 'utf8'));
  });
  suiteTeardown(async () => {
    assert.equal(await server.stop(), 0);
  });

  test('choices, then a plan with the version of the open file', async () => {
    const choices = await server.connection.sendRequest<PrepareChoices | Refusal>('hostpci/prepareChoices', {
      host,
      addresses: ['0000:03:00.0'],
    });
    assert.ok('guests' in choices, JSON.stringify(choices));
    const guest = choices.guests.find(({ label }) => label.startsWith('VM 101'))?.uri;
    assert.equal(guest, uriOf(vm));
    const view = await server.connection.sendRequest<PlanView | Refusal>('hostpci/prepare', {
      host,
      addresses: ['0000:03:00.0'],
      way: 'whole',
      guest,
    });
    assert.ok('edit' in view, JSON.stringify(view));
    assert.equal(view.changeCount, 2);
    assert.deepEqual(
      view.edit.documentChanges?.map(one => ('edits' in one ? one.textDocument : one)),
      [{ uri: uriOf(vm), version: 1 }],
    );
  });

  test('a refusal is an answer', async () => {
    const answer = await server.connection.sendRequest<PlanView | Refusal>('hostpci/prepare', {
      host,
      addresses: ['0000:05:00.0'],
      way: 'whole',
      guest: uriOf(vm),
    });
    assert.ok('refused' in answer);
    assert.match(answer.refused[0] ?? '', /disk of the host/);
  });
});
