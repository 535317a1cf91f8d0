export * from '../../lib/breaker.ts';
