// npm start as a newcomer types it: what it opens, and that nothing of it is left after Ctrl-C.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from '../vshost/install.mjs';
import { temporaryFolder } from '../vshost/processes.mjs';

suite('npm start', () => {
  let home;
  let temporary;
  let started;

  setup(() => {
    home = temporaryFolder('hostpci-start');
    temporary = join(home, 'tmp');
    mkdirSync(temporary);
  });
  teardown(() => started?.kill('SIGKILL'));

  test('opens the demo site in a VS Code server, and Ctrl-C ends it without a trace', async () => {
    started = npmStart(['--browser'], {});
    const address = await printed(started, /http:\/\/127\.0\.0\.1:\d+\/\S+/);
    const page = await workbenchPage(address);
    assert.match(page, /vscode-workbench-web-configuration/);
    const folder = new URL(address).searchParams.get('folder');
    assert.ok(existsSync(join(folder, 'etc')), 'the copy of the site has no etc/');
    assert.equal(folder.startsWith(temporary), true);
    await endWith(started, 'SIGINT');
    await until('the temporary folder is empty', () => readdirSync(temporary).length === 0);
    await assert.rejects(fetch(address));
  });

  test('a wrong token is turned away', async () => {
    started = npmStart(['--browser'], {});
    const address = new URL(await printed(started, /http:\/\/127\.0\.0\.1:\d+\/\S+/));
    address.searchParams.set('tkn', '0'.repeat(32));
    assert.equal((await fetch(address, { redirect: 'manual' })).status, 403);
    await endWith(started, 'SIGTERM');
    await until('the temporary folder is empty', () => readdirSync(temporary).length === 0);
  });

  test('prefers the desktop VS Code, with user data of its own, and ends its detached window too', async () => {
    const seen = join(home, 'seen.json');
    const path = [pretendDesktop(seen), process.env.PATH].join(delimiter);
    started = npmStart([], { PATH: path, DISPLAY: ':99', VSCODE_IPC_HOOK_CLI: '' });
    await until('the window', () => existsSync(seen));
    const { args, pid } = JSON.parse(readFileSync(seen, 'utf8'));
    assert.ok(args.includes('--wait') && args.includes('--new-window'), args.join(' '));
    assert.ok(args.includes(`--extensionDevelopmentPath=${root}`), args.join(' '));
    assert.ok(args[args.indexOf('--user-data-dir') + 1].startsWith(temporary), args.join(' '));
    assert.ok(existsSync(join(args.at(-1), 'etc')), 'the last argument is no copy of the site');
    assert.ok(isAlive(pid));
    await endWith(started, 'SIGHUP');
    await until('the window is gone', () => !isAlive(pid));
    await until('the temporary folder is empty', () => readdirSync(temporary).length === 0);
  });

  test('without display or fitting machine says what to install', async () => {
    started = npmStart(['--desktop'], { DISPLAY: '', WAYLAND_DISPLAY: '', PATH: withoutCode() });
    await printed(started, /npm start failed: .*install VS Code from https:\/\/code\.visualstudio\.com/s);
    assert.equal(await exitCode(started), 1);
    assert.deepEqual(readdirSync(temporary), []);
  });

  /** In a process group of its own, as a shell starts it, so that a signal to the group is what Ctrl-C sends. */
  function npmStart(args, env) {
    const child = spawn('npm', ['start', '--silent', '--', ...args], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: temporary, ...env },
    });
    child.text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        child.text += text;
      });
    }
    return child;
  }
});

/** The folder of a `code` that writes down how it was called and leaves a process behind, as VS Code's command does. */
function pretendDesktop(seen) {
  const folder = temporaryFolder('hostpci-bin');
  const script = `#!${process.execPath}
const { spawn } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args.includes('--version')) {
  console.log('1.95.3\\n0000000000000000000000000000000000000000\\nx64');
} else {
  const { pid } = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  writeFileSync(args[args.indexOf('--user-data-dir') + 1] + '/code.lock', String(pid));
  writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ args, pid }));
  setInterval(() => {}, 1000);
}
`;
  writeFileSync(join(folder, 'code'), script);
  chmodSync(join(folder, 'code'), 0o755);
  return folder;
}

const withoutCode = () =>
  process.env.PATH.split(delimiter)
    .filter(folder => !existsSync(join(folder, 'code')))
    .join(delimiter);

/** Follows the redirect that turns the token of the address into a cookie. */
async function workbenchPage(address) {
  const first = await fetch(address, { redirect: 'manual' });
  assert.equal(first.status, 302);
  const cookie = first.headers.getSetCookie().map(text => text.split(';')[0]);
  const second = await fetch(new URL(first.headers.get('location'), address), {
    headers: { cookie: cookie.join('; ') },
  });
  assert.equal(second.status, 200);
  return second.text();
}

async function printed(child, expression) {
  await until(`${expression} in the output`, () => {
    if (expression.test(child.text)) return true;
    if (child.exitCode !== null) throw new Error(`npm start ended with exit code ${child.exitCode}\n${child.text}`);
    return false;
  });
  return expression.exec(child.text)[0];
}

async function endWith(child, signal) {
  process.kill(-child.pid, signal);
  await exitCode(child);
}

const exitCode = child =>
  child.exitCode ??
  child.signalCode ??
  new Promise(resolve => child.once('exit', (code, signal) => resolve(code ?? signal)));

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(what, ask) {
  const deadline = Date.now() + 60_000;
  while (!ask()) {
    if (Date.now() > deadline) throw new Error(`timed out: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
