// Fails when package-lock.json would not install elsewhere: a platform's optional package missing from it (a lock made
// where a registry lacked it), a package without integrity, or an address that belongs to one machine's registry.
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** @param {{packages?: Record<string, any>}} lock @returns {string[]} sentences, empty when the lock is good */
export function lockProblems(lock) {
  const packages = lock.packages ?? {};
  const problems = [];
  for (const [path, entry] of Object.entries(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!resolves(packages, path, name))
        problems.push(`${path || 'the project'} names ${name} as optional, and the lock lacks it.`);
    }
    for (const name of Object.keys(entry.dependencies ?? {})) {
      if (!resolves(packages, path, name))
        problems.push(`${path || 'the project'} needs ${name}, and the lock lacks it.`);
    }
    const fromRegistry = path.includes('node_modules/') && entry.link !== true && entry.inBundle !== true;
    if (fromRegistry && !/^sha(256|384|512)-/.test(entry.integrity ?? ''))
      problems.push(`${path} has no integrity.`);
    if (fromRegistry && /^[a-z+]+:/i.test(entry.resolved ?? '')) {
      problems.push(
        `${path} is tied to one address: set omit-lockfile-registry-resolved=true in npm's configuration, then make the lock again.`,
      );
    }
  }
  return problems;
}

/** As Node looks for it: beside the package, then in every folder above. */
function resolves(packages, from, name) {
  let base = from;
  for (;;) {
    if (`${base === '' ? '' : `${base}/`}node_modules/${name}` in packages) return true;
    if (base === '') return false;
    const above = base.lastIndexOf('/node_modules/');
    base = above === -1 ? '' : base.slice(0, above);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const problems = lockProblems(JSON.parse(readFileSync(file, 'utf8')));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log('package-lock.json: complete, and tied to no machine.');
}
