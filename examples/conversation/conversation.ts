import { eventually } from '../shared/eventually.ts';
import type { Transcript } from '../shared/transcript.ts';
import type { Participant } from './participants.ts';

/**
 * A property agent asks, the assistant answers with a confidence, the agent rates an answer and asks for a person.
 * Returns the id of the session.
 */
export const playConversation = async (
  transcript: Transcript,
  owner: Participant,
  agent: Participant,
): Promise<string> => {
  transcript.scene('A conversation');
  const { session_id } = await owner.sessions.createSession({
    user_info: { company: 'Seaview Properties', division: 'Sales', user_type: 'property_agent' },
  });
  const ask = async (content: string) => {
    transcript.say('Agent', content);
    const { context } = await owner.sessions.addMessage({
      session_id,
      role: 'user',
      content,
      context_limit: 20,
    });
    return context?.length ?? 0;
  };
  const answer = async (content: string, confidence: number) => {
    transcript.say('Assistant', `${content} (confidence ${confidence})`);
    const { message_id } = await agent.sessions.addMessage({
      session_id,
      user_id: owner.uid,
      role: 'assistant',
      content,
      metadata: { confidence, collections_used: ['glossary'], intent: 'definition' },
    });
    return message_id;
  };

  await ask('What does erf size mean?');
  const rated = await answer(
    'The erf is the plot of land as registered at the deeds office; erf size is its area in square metres, buildings or not.',
    0.94,
  );
  await owner.sessions.submitFeedback({ session_id, message_id: rated, rating: 'positive' });
  transcript.say('Agent', '(rates the answer: positive)');
  const contextLength = await ask('And what is the transfer duty on erf 1023 in Bellville?');
  await answer('I do not have that. Shall I ask a colleague?', 0.32);
  const escalation = await owner.sessions.escalateSession({ session_id, reason: 'transfer duty of one erf' });
  await owner.sessions.escalateSession({ session_id });
  transcript.say('Agent', '(asks for a person)');

  transcript.shows('the second question came with its context of 3 messages', contextLength, 3);
  transcript.shows('the session waits for a person', escalation.status, 'escalated');
  const { session } = await eventually(
    () => owner.sessions.getSession({ session_id }),
    (got) => got.session.message_count === 4 && got.session.feedback_positive === 1,
  );
  const { message_count, total_queries, avg_confidence, feedback_positive, escalations } = session;
  transcript.shows(
    'the trigger counted 4 messages, 2 questions, an average confidence of 0.63, 1 rating and 1 escalation',
    { message_count, total_queries, avg_confidence, feedback_positive, escalations },
    { message_count: 4, total_queries: 2, avg_confidence: 0.63, feedback_positive: 1, escalations: 1 },
  );
  return session_id;
};
