import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Before anything else is loaded: the second start reads compiled code instead of stripping types again.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/guichet', import.meta.url)));
await import('./program.ts');
