const ONCE = { timeout_millis: 60_000, retry_codes_name: 'none', retry_params_name: 'default' };

/**
 * Settings of the Firestore client, to be given before its first use. By default gax sends a read that fails before
 * its first byte twice more, whatever the failure (`noResponseRetries` of retry-request), so that PERMISSION_DENIED
 * is told after 7 s, long past every deadline, and would pass for an outage. With these it is told at once.
 */
export const CLIENT_SETTINGS = {
  gaxServerStreamingRetries: true,
  clientConfig: {
    interfaces: {
      'google.firestore.v1.Firestore': {
        retry_codes: { none: [] },
        methods: { BatchGetDocuments: ONCE, RunQuery: ONCE, RunAggregationQuery: ONCE },
      },
    },
  },
};
