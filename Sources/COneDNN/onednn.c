#define _GNU_SOURCE
#include "COneDNN.h"
#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define TRY(call)                          \
  do {                                     \
    dnnl_status_t status_ = (call);        \
    if (status_ != dnnl_success) {         \
      status = status_;                    \
      goto failed;                         \
    }                                      \
  } while (0)

// ---- what differs between 2.x and 3.x -------------------------------------------------------------------------------

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t layout;
typedef const_dnnl_memory_desc_t layout_ref;
static dnnl_status_t layout_make(layout *out, long rows, long columns, dnnl_format_tag_t tag) {
  dnnl_dims_t dims = {rows, columns};
  return dnnl_memory_desc_create_with_tag(out, 2, dims, dnnl_f32, tag);
}
static layout_ref layout_of(const layout *l) { return *l; }
static void layout_free(layout *l) {
  if (*l) dnnl_memory_desc_destroy(*l);
  *l = NULL;
}
static dnnl_status_t eltwise(dnnl_post_ops_t ops, dnnl_alg_kind_t kind, float alpha) {
  return dnnl_post_ops_append_eltwise(ops, kind, alpha, 0);
}
static dnnl_status_t add(dnnl_post_ops_t ops) { return dnnl_post_ops_append_sum(ops, 1, 0, dnnl_data_type_undef); }
static dnnl_status_t plan_make(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const layout *x, const layout *w,
                               const layout *b, const layout *y, dnnl_primitive_attr_t attributes) {
  return dnnl_matmul_primitive_desc_create(out, engine, *x, *w, b ? *b : NULL, *y, attributes);
}
#else
typedef dnnl_memory_desc_t layout;
typedef const dnnl_memory_desc_t *layout_ref;
static dnnl_status_t layout_make(layout *out, long rows, long columns, dnnl_format_tag_t tag) {
  dnnl_dims_t dims = {rows, columns};
  return dnnl_memory_desc_init_by_tag(out, 2, dims, dnnl_f32, tag);
}
static layout_ref layout_of(const layout *l) { return l; }
static void layout_free(layout *l) { (void)l; }
static dnnl_status_t eltwise(dnnl_post_ops_t ops, dnnl_alg_kind_t kind, float alpha) {
  return dnnl_post_ops_append_eltwise(ops, 1, kind, alpha, 0);
}
static dnnl_status_t add(dnnl_post_ops_t ops) { return dnnl_post_ops_append_sum(ops, 1); }
static dnnl_status_t plan_make(dnnl_primitive_desc_t *out, dnnl_engine_t engine, const layout *x, const layout *w,
                               const layout *b, const layout *y, dnnl_primitive_attr_t attributes) {
  dnnl_matmul_desc_t description;
  dnnl_status_t status = dnnl_matmul_desc_init(&description, x, w, b, y);
  return status != dnnl_success ? status : dnnl_primitive_desc_create(out, &description, attributes, engine, NULL);
}
#endif

// oneDNN's threads come from OpenMP, or from none where it was built without: then there is nothing to set. Looked up by
// name, since which OpenMP it is (libgomp, libomp) is oneDNN's affair.
static void (*set_threads)(int);
static pthread_once_t looked_up = PTHREAD_ONCE_INIT;
static void look_up(void) { set_threads = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads"); }

// Keeps oneDNN to the calling thread, from now on.
static void stay_alone(void) {
  static _Thread_local int stays;
  if (stays) return;
  pthread_once(&looked_up, look_up);
  if (set_threads) set_threads(1);
  stays = 1;
}

// ---- the engine -----------------------------------------------------------------------------------------------------

struct ow_dnn {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
};

int ow_dnn_create(ow_dnn **out) {
  dnnl_status_t status = dnnl_out_of_memory;
  ow_dnn *self = calloc(1, sizeof *self);
  if (!self) return status;
  TRY(dnnl_engine_create(&self->engine, dnnl_cpu, 0));
  TRY(dnnl_stream_create(&self->stream, self->engine, dnnl_stream_default_flags));
  *out = self;
  return 0;
failed:
  ow_dnn_destroy(self);
  return status;
}

void ow_dnn_destroy(ow_dnn *self) {
  if (!self) return;
  if (self->stream) dnnl_stream_destroy(self->stream);
  if (self->engine) dnnl_engine_destroy(self->engine);
  free(self);
}

void ow_dnn_version(int *major, int *minor, int *patch) {
  const dnnl_version_t *version = dnnl_version();
  *major = version->major, *minor = version->minor, *patch = version->patch;
}

const char *ow_dnn_status_name(int status) { return dnnl_status2str((dnnl_status_t)status); }

// ---- a linear layer -------------------------------------------------------------------------------------------------

// Weights in one of oneDNN's layouts. Slots whose layouts are equal share one.
typedef struct {
  dnnl_memory_t memory;
  void *data;
  size_t bytes;
} packed;

typedef struct {
  dnnl_memory_t x, y, scratch;
} operands;

typedef struct {
  layout x, y;
  dnnl_primitive_desc_t plan;
  dnnl_primitive_t primitive;
  packed *weights;
  operands *workers;
} slot;

struct ow_dnn_linear {
  ow_dnn *engine;
  layout bias_layout;
  float *bias_data;
  dnnl_memory_t bias;
  slot *slots;
  packed *packs;
  int shapes, packs_made, worker_count;
  size_t scratch;
};

static layout_ref plan_layout(dnnl_primitive_desc_t plan, dnnl_query_t what) {
  return dnnl_primitive_desc_query_md(plan, what, 0);
}

static dnnl_status_t attributes_make(dnnl_primitive_attr_t *out, ow_dnn_activation activation, int residual) {
  dnnl_status_t status = dnnl_success;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_post_ops_t ops = NULL;
  TRY(dnnl_primitive_attr_create(&attributes));
  TRY(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user));
  TRY(dnnl_post_ops_create(&ops));
  switch (activation) {
    case OW_DNN_QUICK_GELU: TRY(eltwise(ops, dnnl_eltwise_swish, 1.702f)); break;
    case OW_DNN_GELU: TRY(eltwise(ops, dnnl_eltwise_gelu_erf, 0)); break;
    case OW_DNN_TANH_GELU: TRY(eltwise(ops, dnnl_eltwise_gelu_tanh, 0)); break;
    case OW_DNN_IDENTITY: break;
  }
  if (residual) TRY(add(ops));
  TRY(dnnl_primitive_attr_set_post_ops(attributes, ops));
  dnnl_post_ops_destroy(ops);
  *out = attributes;
  return dnnl_success;
failed:
  if (ops) dnnl_post_ops_destroy(ops);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return status;
}

// Finds weights in the layout that `plan` wants, or reorders them into it.
static dnnl_status_t pack(ow_dnn_linear *self, slot *s, const layout *plain, const float *weights) {
  dnnl_status_t status = dnnl_success;
  layout_ref wanted = plan_layout(s->plan, dnnl_query_weights_md);
  for (int i = 0; i < self->packs_made; i++) {
    layout_ref have = plan_layout(self->slots[i].plan, dnnl_query_weights_md);
    if (self->slots[i].weights && dnnl_memory_desc_equal(have, wanted)) {
      s->weights = self->slots[i].weights;
      return dnnl_success;
    }
  }
  dnnl_memory_t source = NULL;
  dnnl_primitive_desc_t plan = NULL;
  dnnl_primitive_t reorder = NULL;
  packed *p = &self->packs[s - self->slots];
  p->bytes = dnnl_memory_desc_get_size(wanted);
  // 64 bytes for alignment, and a vector that oneDNN may read beyond the end.
  if (posix_memalign(&p->data, 64, p->bytes + 64) != 0) return dnnl_out_of_memory;
  TRY(dnnl_memory_create(&p->memory, wanted, self->engine->engine, p->data));
  TRY(dnnl_memory_create(&source, layout_of(plain), self->engine->engine, (void *)weights));
  TRY(dnnl_reorder_primitive_desc_create(&plan, layout_of(plain), self->engine->engine, wanted, self->engine->engine, NULL));
  TRY(dnnl_primitive_create(&reorder, plan));
  dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, source}, {DNNL_ARG_TO, p->memory}};
  TRY(dnnl_primitive_execute(reorder, self->engine->stream, 2, arguments));
  TRY(dnnl_stream_wait(self->engine->stream));
  s->weights = p;
failed:
  if (reorder) dnnl_primitive_destroy(reorder);
  if (plan) dnnl_primitive_desc_destroy(plan);
  if (source) dnnl_memory_destroy(source);
  return status;
}

static dnnl_status_t slot_make(ow_dnn_linear *self, slot *s, long rows, long inputs, long outputs, const layout *plain,
                               const float *weights, dnnl_primitive_attr_t attributes) {
  dnnl_status_t status = dnnl_success;
  dnnl_engine_t engine = self->engine->engine;
  layout any;
  memset(&any, 0, sizeof any);
  TRY(layout_make(&s->x, rows, inputs, dnnl_ab));
  TRY(layout_make(&s->y, rows, outputs, dnnl_ab));
  TRY(layout_make(&any, inputs, outputs, dnnl_format_tag_any));
  TRY(plan_make(&s->plan, engine, &s->x, &any, self->bias ? &self->bias_layout : NULL, &s->y, attributes));
  TRY(dnnl_primitive_create(&s->primitive, s->plan));
  TRY(pack(self, s, plain, weights));
  layout_ref scratch = plan_layout(s->plan, dnnl_query_scratchpad_md);
  size_t bytes = dnnl_memory_desc_get_size(scratch);
  if (bytes > self->scratch) self->scratch = bytes;
  s->workers = calloc((size_t)self->worker_count, sizeof(operands));
  if (!s->workers) TRY(dnnl_out_of_memory);
  for (int i = 0; i < self->worker_count; i++) {
    TRY(dnnl_memory_create(&s->workers[i].x, layout_of(&s->x), engine, DNNL_MEMORY_NONE));
    TRY(dnnl_memory_create(&s->workers[i].y, layout_of(&s->y), engine, DNNL_MEMORY_NONE));
    if (bytes) TRY(dnnl_memory_create(&s->workers[i].scratch, scratch, engine, DNNL_MEMORY_NONE));
  }
failed:
  layout_free(&any);
  return status;
}

int ow_dnn_linear_create(ow_dnn_linear **out, ow_dnn *engine, long inputs, long outputs, const float *weights,
                         const float *bias, ow_dnn_activation activation, int residual, const long *rows, int shapes,
                         int workers) {
  dnnl_status_t status = dnnl_out_of_memory;
  dnnl_primitive_attr_t attributes = NULL;
  layout plain;
  memset(&plain, 0, sizeof plain);
  stay_alone();
  ow_dnn_linear *self = calloc(1, sizeof *self);
  if (!self) return status;
  self->engine = engine;
  self->worker_count = workers;
  self->shapes = shapes;
  self->slots = calloc((size_t)shapes, sizeof(slot));
  self->packs = calloc((size_t)shapes, sizeof(packed));
  if (!self->slots || !self->packs) goto failed;
  if (bias) {
    self->bias_data = malloc((size_t)outputs * sizeof(float) + 64);
    if (!self->bias_data) goto failed;
    memcpy(self->bias_data, bias, (size_t)outputs * sizeof(float));
    TRY(layout_make(&self->bias_layout, 1, outputs, dnnl_ab));
    TRY(dnnl_memory_create(&self->bias, layout_of(&self->bias_layout), engine->engine, self->bias_data));
  }
  TRY(attributes_make(&attributes, activation, residual));
  // (outputs, inputs) row by row is (inputs, outputs) column by column.
  TRY(layout_make(&plain, inputs, outputs, dnnl_ba));
  for (int i = 0; i < shapes; i++) {
    TRY(slot_make(self, &self->slots[i], rows[i], inputs, outputs, &plain, weights, attributes));
    self->packs_made = i + 1;
  }
  dnnl_primitive_attr_destroy(attributes);
  layout_free(&plain);
  *out = self;
  return 0;
failed:
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  layout_free(&plain);
  ow_dnn_linear_destroy(self);
  return status;
}

void ow_dnn_linear_destroy(ow_dnn_linear *self) {
  if (!self) return;
  for (int i = 0; self->slots && i < self->shapes; i++) {
    slot *s = &self->slots[i];
    for (int w = 0; s->workers && w < self->worker_count; w++) {
      if (s->workers[w].x) dnnl_memory_destroy(s->workers[w].x);
      if (s->workers[w].y) dnnl_memory_destroy(s->workers[w].y);
      if (s->workers[w].scratch) dnnl_memory_destroy(s->workers[w].scratch);
    }
    free(s->workers);
    if (s->primitive) dnnl_primitive_destroy(s->primitive);
    if (s->plan) dnnl_primitive_desc_destroy(s->plan);
    layout_free(&s->x);
    layout_free(&s->y);
  }
  for (int i = 0; self->packs && i < self->shapes; i++) {
    if (self->packs[i].memory) dnnl_memory_destroy(self->packs[i].memory);
    free(self->packs[i].data);
  }
  if (self->bias) dnnl_memory_destroy(self->bias);
  layout_free(&self->bias_layout);
  free(self->bias_data);
  free(self->slots);
  free(self->packs);
  free(self);
}

size_t ow_dnn_linear_scratch(const ow_dnn_linear *self) { return self->scratch; }

size_t ow_dnn_linear_weight_bytes(const ow_dnn_linear *self) {
  size_t sum = 0;
  for (int i = 0; i < self->shapes; i++) sum += self->packs[i].bytes;
  return sum;
}

const char *ow_dnn_linear_kernel(const ow_dnn_linear *self, int slot) {
  const char *name = "";
  dnnl_primitive_desc_query(self->slots[slot].plan, dnnl_query_impl_info_str, 0, &name);
  return name;
}

int ow_dnn_linear_run(ow_dnn_linear *self, int index, int worker, const float *x, float *y, void *scratch) {
  dnnl_status_t status = dnnl_success;
  stay_alone();
  slot *s = &self->slots[index];
  operands *o = &s->workers[worker];
  TRY(dnnl_memory_set_data_handle(o->x, (void *)x));
  TRY(dnnl_memory_set_data_handle(o->y, y));
  if (o->scratch) TRY(dnnl_memory_set_data_handle(o->scratch, scratch));
  dnnl_exec_arg_t arguments[5] = {
      {DNNL_ARG_SRC, o->x}, {DNNL_ARG_WEIGHTS, s->weights->memory}, {DNNL_ARG_DST, o->y}};
  int count = 3;
  if (self->bias) arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, self->bias};
  if (o->scratch) arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, o->scratch};
  TRY(dnnl_primitive_execute(s->primitive, self->engine->stream, count, arguments));
failed:
  return status;
}
