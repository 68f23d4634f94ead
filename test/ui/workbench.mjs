// The workbench as a person sees and uses it: what is on the screen, found by what it says.
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { launchBrowser, openWorkbench, startServer } from '../vshost/host.mjs';
import { root } from '../vshost/install.mjs';
import { temporaryFolder } from '../vshost/processes.mjs';

const shots = join(root, 'shots');

/** Opens a copy of the demo site in a VS Code with hostpci.vsix installed. Screenshots go to shots/. `env` is VS Code's. */
export async function openDemo({ env } = {}) {
  mkdirSync(shots, { recursive: true });
  const site = join(temporaryFolder('hostpci-site'), 'demo');
  cpSync(join(root, 'test/sites/demo'), site, { recursive: true });
  const opened = await Promise.allSettled([startServer({ vsix: [join(root, 'hostpci.vsix')], env }), launchBrowser()]);
  const close = async () => {
    for (const { value } of opened) await value?.close();
  };
  try {
    const [server, browser] = opened.map(({ value, reason }) => value ?? fail(reason));
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });
    page.setDefaultTimeout(30_000);
    await openWorkbench(page, server, { folder: site });
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    return { site, page, close, ...actions(page) };
  } catch (error) {
    await close(); // a server that nobody closes would keep the test run alive for ever
    throw error;
  }
}

function fail(reason) {
  throw reason;
}

/** The path, relative to the site, of its first file below `folder` whose text is wanted. */
export function findInSite(site, folder, isWanted) {
  const files = readdirSync(join(site, folder), { recursive: true, withFileTypes: true }).filter(entry =>
    entry.isFile(),
  );
  const paths = files.map(entry => join(entry.parentPath ?? entry.path, entry.name)).sort();
  const found = paths.find(path => isWanted(readFileSync(path, 'utf8')));
  if (!found) throw new Error(`no file below ${folder} of the demo site is wanted: ${isWanted}`);
  return relative(site, found);
}

function actions(page) {
  const editor = page.locator('.editor-group-container.active .monaco-editor').first();
  const row = name =>
    page.locator('.explorer-folders-view .monaco-list-row', { has: page.getByText(name, { exact: true }) }).first();

  const tree = page.locator('[id="workbench.view.extension.hostpci"]');

  return {
    editor,
    tab: name => page.getByRole('tab', { name }),
    squiggle: kind => editor.locator(`.squiggly-${kind}`).first(),
    problem: text => page.locator('.markers-panel .monaco-list-row', { hasText: text }),
    suggestion: text => page.locator('.suggest-widget.visible .monaco-list-row', { hasText: text }).first(),
    /** The suggestion that Tab would accept. */
    selectedSuggestion: text => page.locator('.suggest-widget.visible .monaco-list-row.focused', { hasText: text }),
    hover: text => page.locator('.monaco-hover:not(.hidden)', { hasText: text }).first(),
    /** A row of the device tree; level 1 is the host, 2 a group, 3 a device, 4 who uses it. */
    treeRow: (level, text) => tree.locator(`.monaco-list-row[aria-level="${level}"]`, { hasText: text }).first(),
    shot: name => page.screenshot({ path: join(shots, `${name}.png`), animations: 'disabled', caret: 'hide' }),

    /** Opens folder after folder with the mouse, then the file. */
    async openFromExplorer(path) {
      const [file, ...folders] = path.split('/').reverse();
      for (const folder of folders.reverse()) {
        await row(folder).waitFor();
        if ((await row(folder).getAttribute('aria-expanded')) === 'false') await row(folder).click();
      }
      await row(file).dblclick();
      await page.getByRole('tab', { name: file }).waitFor();
    },

    /** Chooses from the context menu of a row. A menu takes no click in its first tenth of a second. */
    async chooseInMenu(row, name) {
      await row.click({ button: 'right' });
      const item = page.getByRole('menuitem', { name });
      for (let tries = 0; tries < 5 && (tries === 0 || (await item.isVisible())); tries++) {
        await item.click();
        await item.waitFor({ state: 'detached', timeout: 2000 }).catch(() => {});
      }
    },

    /** Runs a command by its title, from the palette. */
    async command(title) {
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input').fill(`>${title}`);
      await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
    },

    /** Paints the workbench in another theme: `vs-dark` or `vs`. */
    async theme(wanted) {
      const isThere = page.locator(`.monaco-workbench.${wanted}`);
      if ((await isThere.count()) === 0) await this.command('Preferences: Toggle between Light/Dark Themes');
      await isThere.waitFor();
    },

    async openQuickly(path) {
      await page.keyboard.press('Control+P');
      await page.locator('.quick-input-widget input').fill(path);
      await page
        .locator('.quick-input-list .monaco-list-row', { hasText: path.split('/').at(-1) })
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('tab', { name: path.split('/').at(-1) }).waitFor();
    },

    /** The colours of the words on the screen, as the browser paints them. */
    colours: () =>
      editor
        .locator('.view-line span span')
        .evaluateAll(spans => [...new Set(spans.map(span => getComputedStyle(span).color))]),

    /** The first span of the editor's text that says this: a word of one colour. */
    word: text => editor.locator('.view-line span span', { hasText: text }).first(),

    /** Waits until the editor shows text that the expression matches. */
    shows: expression =>
      page.waitForFunction(source => {
        const lines = document.querySelector('.editor-group-container.active .view-lines');
        return new RegExp(source, 'm').test((lines?.innerText ?? '').replaceAll('\u00a0', ' '));
      }, expression.source),

    /** Puts the cursor behind the last character of the file. */
    async goToEnd() {
      await editor.locator('.view-lines').click();
      await page.keyboard.press('Control+End');
    },
  };
}
