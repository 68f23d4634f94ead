// Stands in front of an extension's code and keeps how many ms loading it and its `activate` take.
const { name } = require('./package.json');

const started = performance.now();
const extension = require('./timed.cjs');
const loaded = performance.now();

exports.activate = context => {
  const called = performance.now();
  const api = extension.activate(context);
  globalThis.hostpciBench ??= {};
  globalThis.hostpciBench[name] = { load: loaded - started, activate: performance.now() - called };
  return api;
};
exports.deactivate = () => extension.deactivate?.();
