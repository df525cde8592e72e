// What the gateway is told of what somebody did in Kratos. `submission` is the gateway's own cookie on what came through it.
function(ctx) {
  identity_id: ctx.identity.id,
  flow_id: ctx.flow.id,
  flow_expires_at: ctx.flow.expires_at,
  submission: std.get(ctx.request_cookies, 'passbridge_submission'),
}
