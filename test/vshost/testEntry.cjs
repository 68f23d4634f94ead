// The test entry that the embedded VS Code loads. It marks what the suite prints, so that runSuite.mjs can tell that from the
// workbench's own log lines. (The extension host makes console.log and the rest unassignable, so the whole console is replaced.)
const { format } = require('node:util');

exports.run = () => {
  const plain = globalThis.console;
  const marked = name => [name, { value: (...args) => plain[name](`@@${format(...args)}`) }];
  globalThis.console = Object.create(plain, Object.fromEntries(['log', 'info', 'warn', 'error', 'debug'].map(marked)));
  return require(process.env.HOSTPCI_TEST_SUITE).run();
};
