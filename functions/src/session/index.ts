export type { Metadata } from './metadata.ts';
export type { Feedback, Message, RecentMessage, Role, Session, Status } from './records.ts';
