/** Keys of the sentences of the account flow; the desk holds the sentences. */
export const ACCOUNT_TEXTS = [
  'account_phone_request',
  'account_phone_limit',
  'account_consent',
  'account_welcome',
  'account_linked',
  'account_known',
  'account_not_found',
  'account_failed',
  'account_pending',
  'account_wait',
  'account_own_contact_only',
  'account_typed_number',
  'account_private_only',
  'account_phone_invalid',
  'account_ask_child',
  'account_child_unknown',
  'account_minor',
] as const;
export type AccountText = (typeof ACCOUNT_TEXTS)[number];

/** What a proven parent may read of a child: values as the directory writes them. */
export interface ChildView {
  name: string;
  level?: string;
  year?: string;
  group?: string;
  catechist?: string;
  status: 'enrolled' | 'waiting';
}
