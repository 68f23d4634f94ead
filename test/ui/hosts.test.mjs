// A host is added and asked over a real sshd, and ssh's questions are answered in the editor, as a person does it.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printing, snapshot } from '../support/pulling.ts';
import { SshLab, secret, whyNoPasswords } from '../support/sshd.ts';
import { openDemo } from './workbench.mjs';

suite('hosts over ssh', () => {
  let demo;
  let lab;
  let stranger;

  suiteSetup(async function () {
    if (whyNoPasswords()) this.skip();
    lab = new SshLab();
    const forced = printing(snapshot.replaceAll('pve1', 'pve7'));
    stranger = await lab.startUnknown({ password: true, forced });
    const changed = await lab.start({ forced });
    lab.host('pve7', stranger.port);
    lab.host('pve8', changed.port);
    const other = await lab.startUnknown({ forced });
    lab.host('pve9', other.port);
    writeFileSync(lab.knownHosts, `[127.0.0.1]:${changed.port} ${other.hostKey}\n`);
    demo = await openDemo({ env: environmentOf(lab) });
    await demo.page.locator('.activitybar a[aria-label^="Proxmox VE Hosts"]').click();
    await demo.treeRow(1, 'pve1').waitFor();
  });
  suiteTeardown(async () => {
    await demo?.shot('hosts-last');
    await demo?.close();
    await lab?.close();
  });

  test('Add Host offers the names of ~/.ssh/config, and asks before it accepts an unknown key', async () => {
    await addHost('pve7');
    await dialog().waitFor();
    const text = await dialog().innerText();
    assert.match(text, /pve7 is not known yet/);
    assert.ok(text.includes(stranger.fingerprint), text);
    await demo.shot('host-key');
    await dialog().getByRole('button', { name: 'Accept This Key' }).click();
  });

  test('asks for the password without showing it, again after a wrong one, and then has the devices', async () => {
    const input = demo.page.locator('.quick-input-widget input');
    await password().waitFor();
    assert.equal(await input.getAttribute('type'), 'password');
    await input.fill('wrong');
    await demo.page.keyboard.press('Enter');
    await demo.page.waitForFunction(() => document.querySelector('.quick-input-widget input')?.value === '');
    await password().waitFor();
    await demo.shot('host-password');
    await input.fill(secret);
    await demo.page.keyboard.press('Enter');
    await demo.treeRow(1, 'pve7').waitFor();
    await demo.shot('host-added');
  });

  test('a host whose key has changed is refused: no question, but the line of known_hosts', async () => {
    await addHost('pve8');
    const notice = demo.page.locator('.notification-toast', { hasText: /pve8.*known_hosts/s });
    await notice.waitFor();
    assert.match(await notice.innerText(), /known_hosts:1\b|line 1\b/);
    assert.equal(await dialog().count(), 0);
    await demo.shot('host-key-changed');
    assert.equal(await demo.treeRow(1, 'pve8').count(), 0);
  });

  test('declining a key ends the asking: nothing is read, and nothing is complained about', async () => {
    const before = await demo.page.locator('.notification-toast').count();
    await addHost('pve9');
    await dialog().waitFor();
    await demo.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await demo.page.locator('.notification-toast', { hasText: 'Asking pve9' }).waitFor({ state: 'detached' });
    assert.equal(await demo.page.locator('.notification-toast').count(), before);
    assert.equal(await demo.treeRow(1, 'pve9').count(), 0);
  });

  const dialog = () => demo.page.locator('.monaco-dialog-box');
  const password = () => demo.page.locator('.quick-input-widget', { hasText: 'ssh to pve7' }).filter({ visible: true });

  async function addHost(name) {
    await demo.command('hostpci: Add Host');
    await demo.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).click();
    await demo.page.locator('.quick-input-widget', { hasText: 'Name of the host' }).waitFor();
    await demo.page.keyboard.press('Enter');
  }
});

/**
 * ssh takes the home of the user from the password database, so that a wrapper has to tell it where its files are. VS Code
 * takes its PATH from a login shell.
 */
function environmentOf(lab) {
  const programs = lab.path('bin');
  mkdirSync(programs);
  mkdirSync(lab.path('.ssh'));
  copyFileSync(lab.extraArguments[1], lab.path('.ssh/config'));
  const file = join(programs, 'ssh');
  writeFileSync(file, `#!/bin/sh\nexec /usr/bin/ssh ${lab.extraArguments.join(' ')} "$@"\n`);
  chmodSync(file, 0o755);
  const path = `${programs}:${process.env.PATH}`;
  for (const name of ['.profile', '.bashrc']) writeFileSync(lab.path(name), `export PATH='${path}'\n`);
  return { HOME: lab.folder, PATH: path };
}
