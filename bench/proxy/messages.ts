import type { Cost } from 'kb-sessions-testing';

/** What the process of the proxy is asked; it answers each in turn. */
export type Request = { readonly kind: 'delay'; readonly ms: number } | { readonly kind: 'take' };

export type Reply =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'delayed' }
  | { readonly kind: 'taken'; readonly cost: Cost };
