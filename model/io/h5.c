/* See h5.h. Times of objects are never kept, so equal contents give equal bytes. */
#include "io/h5.h"

#include <hdf5_hl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORDER = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED, GZIP_LEVEL = 1 };

/* Bytes by which a file grows in memory. */
enum { MEMORY_STEP = 1 << 20 };

allostat_h5_reporting allostat_h5_quiet_begin(void)
{
    allostat_h5_reporting before = {NULL, NULL};

    H5Eget_auto2(H5E_DEFAULT, &before.function, &before.data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return before;
}

void allostat_h5_quiet_end(allostat_h5_reporting before)
{
    H5Eset_auto2(H5E_DEFAULT, before.function, before.data);
}

/* Keeps the innermost description: it is the first one of an upward walk. */
static herr_t keep_first(unsigned depth, const H5E_error2_t *entry, void *text)
{
    if (depth == 0 && entry->desc != NULL) {
        snprintf(text, ALLOSTAT_H5_REASON_SIZE, "%s", entry->desc);
    }
    return 0;
}

void allostat_h5_reason(char text[ALLOSTAT_H5_REASON_SIZE])
{
    snprintf(text, ALLOSTAT_H5_REASON_SIZE, "no reason given by HDF5");
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, text);
}

allostat_status allostat_h5_fail(allostat_error *error, const char *code_file,
                                 int code_line, const char *what, const char *name)
{
    char reason[ALLOSTAT_H5_REASON_SIZE];

    allostat_h5_reason(reason);
    return allostat_error_set(error, ALLOSTAT_ERROR_IO, code_file, code_line,
                              "%s %s: %s", what, name, reason);
}

hid_t allostat_h5_memory_type(allostat_h5_type type)
{
    switch (type) {
    case ALLOSTAT_H5_INT8:
        return H5T_NATIVE_INT8;
    case ALLOSTAT_H5_INT32:
        return H5T_NATIVE_INT32;
    case ALLOSTAT_H5_INT64:
        return H5T_NATIVE_INT64;
    case ALLOSTAT_H5_DOUBLE:
        return H5T_NATIVE_DOUBLE;
    case ALLOSTAT_H5_CHAR:
        return H5T_C_S1;
    case ALLOSTAT_H5_NO_VALUES:
        break;
    }
    return H5T_IEEE_F32BE;
}

/* Little-endian whatever the machine, so that files are equal everywhere. */
static hid_t file_type(allostat_h5_type type)
{
    switch (type) {
    case ALLOSTAT_H5_INT8:
        return H5T_STD_I8LE;
    case ALLOSTAT_H5_INT32:
        return H5T_STD_I32LE;
    case ALLOSTAT_H5_INT64:
        return H5T_STD_I64LE;
    case ALLOSTAT_H5_DOUBLE:
        return H5T_IEEE_F64LE;
    case ALLOSTAT_H5_CHAR:
        return H5T_C_S1;
    case ALLOSTAT_H5_NO_VALUES:
        break;
    }
    return H5T_IEEE_F32BE;
}

void allostat_h5_close(hid_t object)
{
    if (object <= 0) return;
    switch (H5Iget_type(object)) {
    case H5I_FILE:
        H5Fclose(object);
        break;
    case H5I_GROUP:
        H5Gclose(object);
        break;
    case H5I_DATASET:
        H5Dclose(object);
        break;
    case H5I_DATASPACE:
        H5Sclose(object);
        break;
    case H5I_DATATYPE:
        H5Tclose(object);
        break;
    case H5I_ATTR:
        H5Aclose(object);
        break;
    default:
        H5Pclose(object);
        break;
    }
}

/* Half of the chunks that a node of an index has room for: HDF5 writes every node in
 * full, and its own 32 takes more bytes than the values of most series. */
static unsigned index_half(int32_t chunk_count)
{
    enum { USUAL = 32 };

    return chunk_count < 2 * USUAL ? (unsigned)(chunk_count + 1) / 2 : USUAL;
}

hid_t allostat_h5_create_in_memory(int32_t chunk_count)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    const bool ready = access >= 0 && creation >= 0 &&
                       H5Pset_fapl_core(access, MEMORY_STEP, false) >= 0 &&
                       H5Pset_istore_k(creation, index_half(chunk_count)) >= 0 &&
                       H5Pset_obj_track_times(creation, false) >= 0 &&
                       H5Pset_link_creation_order(creation, ORDER) >= 0 &&
                       H5Pset_attr_creation_order(creation, ORDER) >= 0;
    const hid_t file =
        ready ? H5Fcreate("allostat", H5F_ACC_TRUNC, creation, access) : -1;

    allostat_h5_close(creation);
    allostat_h5_close(access);
    return file;
}

allostat_status allostat_h5_copy_image(hid_t file, void **image, size_t *size,
                                       allostat_error *error)
{
    if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) {
        return ALLOSTAT_H5_FAIL(error, "finishing", "the file");
    }
    const ssize_t length = H5Fget_file_image(file, NULL, 0);
    if (length <= 0) return ALLOSTAT_H5_FAIL(error, "finishing", "the file");
    *size = (size_t)length;
    *image = malloc(*size);
    if (*image == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a file of %zu bytes", *size);
    if (H5Fget_file_image(file, *image, *size) != length) {
        return ALLOSTAT_H5_FAIL(error, "finishing", "the file");
    }
    return ALLOSTAT_OK;
}

allostat_status allostat_h5_group(hid_t parent, const char *name, hid_t *group,
                                  allostat_error *error)
{
    const hid_t plist = H5Pcreate(H5P_GROUP_CREATE);
    const bool ready = plist >= 0 && H5Pset_obj_track_times(plist, false) >= 0 &&
                       H5Pset_link_creation_order(plist, ORDER) >= 0 &&
                       H5Pset_attr_creation_order(plist, ORDER) >= 0;

    *group = ready ? H5Gcreate2(parent, name, H5P_DEFAULT, plist, H5P_DEFAULT) : -1;
    const bool failed = *group < 0;
    const allostat_status status =
        failed ? ALLOSTAT_H5_FAIL(error, "creating the group", name) : ALLOSTAT_OK;
    allostat_h5_close(plist);
    return status;
}

static bool pack(hid_t plist, const allostat_h5_dataset *spec)
{
    hsize_t chunk[ALLOSTAT_H5_RANK_MAX];

    memcpy(chunk, spec->size, sizeof chunk);
    chunk[0] = spec->rank > 1 ? 1 : spec->size[0];
    return H5Pset_chunk(plist, spec->rank, chunk) >= 0 && H5Pset_shuffle(plist) >= 0 &&
           H5Pset_deflate(plist, GZIP_LEVEL) >= 0;
}

static hid_t creation_list(const allostat_h5_dataset *spec)
{
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    const bool ready = plist >= 0 && H5Pset_obj_track_times(plist, false) >= 0 &&
                       H5Pset_attr_creation_order(plist, ORDER) >= 0 &&
                       (!spec->packed || pack(plist, spec));

    if (ready) return plist;
    allostat_h5_close(plist);
    return -1;
}

static allostat_status fill(hid_t dataset, const allostat_h5_dataset *spec,
                            allostat_error *error)
{
    if (spec->data != NULL && H5Dwrite(dataset, allostat_h5_memory_type(spec->type),
                                       H5S_ALL, H5S_ALL, H5P_DEFAULT, spec->data) < 0) {
        return ALLOSTAT_H5_FAIL(error, "writing", spec->name);
    }
    for (int i = 0; i < spec->rank; i++) {
        if (spec->scale[i] > 0 &&
            H5DSattach_scale(dataset, spec->scale[i], (unsigned)i) < 0) {
            return ALLOSTAT_H5_FAIL(error, "naming an axis of", spec->name);
        }
    }
    return ALLOSTAT_OK;
}

allostat_status allostat_h5_create(hid_t parent, const allostat_h5_dataset *spec,
                                   hid_t *dataset, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const hid_t space = spec->rank == 0
                            ? H5Screate(H5S_SCALAR)
                            : H5Screate_simple(spec->rank, spec->size, NULL);
    const hid_t plist = creation_list(spec);

    *dataset = -1;
    if (space >= 0 && plist >= 0) {
        *dataset = H5Dcreate2(parent, spec->name, file_type(spec->type), space,
                              H5P_DEFAULT, plist, H5P_DEFAULT);
    }
    status = *dataset < 0 ? ALLOSTAT_H5_FAIL(error, "creating the dataset", spec->name)
                          : fill(*dataset, spec, error);
    allostat_h5_close(plist);
    allostat_h5_close(space);
    return status;
}

allostat_status allostat_h5_make_scale(hid_t dataset, const char *name,
                                       allostat_error *error)
{
    if (H5DSset_scale(dataset, name) < 0) {
        return ALLOSTAT_H5_FAIL(error, "making an axis of", name);
    }
    return ALLOSTAT_OK;
}

allostat_status allostat_h5_length(hid_t parent, const char *name, hsize_t length,
                                   hid_t *scale, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char mark[96];
    const allostat_h5_dataset spec = {
        .name = name, .type = ALLOSTAT_H5_NO_VALUES, .rank = 1, .size = {length}};

    /* netCDF-4 knows a dimension without a variable by this very text. */
    snprintf(mark, sizeof mark,
             "This is a netCDF dimension but not a netCDF variable.%10llu",
             (unsigned long long)length);
    ALLOSTAT_TRY(allostat_h5_create(parent, &spec, scale, error));
    ALLOSTAT_TRY(allostat_h5_make_scale(*scale, mark, error));
cleanup:
    return status;
}

static allostat_status write_attribute(hid_t object, const char *name, hid_t types[2],
                                       hid_t space, const void *value,
                                       allostat_error *error)
{
    const hid_t attribute =
        space < 0 || types[0] < 0
            ? -1
            : H5Acreate2(object, name, types[0], space, H5P_DEFAULT, H5P_DEFAULT);
    const bool failed = attribute < 0 || H5Awrite(attribute, types[1], value) < 0;
    const allostat_status status =
        failed ? ALLOSTAT_H5_FAIL(error, "writing the attribute", name) : ALLOSTAT_OK;

    allostat_h5_close(attribute);
    allostat_h5_close(space);
    return status;
}

allostat_status allostat_h5_text(hid_t object, const char *name, const char *text,
                                 allostat_error *error)
{
    if (text == NULL || text[0] == '\0') return ALLOSTAT_OK;
    const hid_t type = H5Tcopy(H5T_C_S1);

    H5Tset_size(type, strlen(text));
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
    const allostat_status status = write_attribute(object, name, (hid_t[]){type, type},
                                                   H5Screate(H5S_SCALAR), text, error);
    allostat_h5_close(type);
    return status;
}

allostat_status allostat_h5_values(hid_t object, const char *name,
                                   allostat_h5_type type, const void *value,
                                   hsize_t count, allostat_error *error)
{
    return write_attribute(object, name,
                           (hid_t[]){file_type(type), allostat_h5_memory_type(type)},
                           H5Screate_simple(1, &count, NULL), value, error);
}

allostat_status allostat_h5_refer(hid_t object, hobj_ref_t *reference,
                                  allostat_error *error)
{
    if (H5Rcreate(reference, object, ".", H5R_OBJECT, -1) < 0)
        return ALLOSTAT_H5_FAIL(error, "referring to", "an object");
    return ALLOSTAT_OK;
}

allostat_status allostat_h5_name_axes(hid_t dataset, const hobj_ref_t *scale, int rank,
                                      allostat_error *error)
{
    const hsize_t count = (hsize_t)rank;
    const hid_t type = H5Tvlen_create(H5T_STD_REF_OBJ);
    hobj_ref_t reference[ALLOSTAT_H5_RANK_MAX];
    hvl_t list[ALLOSTAT_H5_RANK_MAX];

    memcpy(reference, scale, (size_t)rank * sizeof *scale);
    for (int i = 0; i < rank; i++) list[i] = (hvl_t){1, &reference[i]};
    const allostat_status status =
        write_attribute(dataset, "DIMENSION_LIST", (hid_t[]){type, type},
                        H5Screate_simple(1, &count, NULL), list, error);
    allostat_h5_close(type);
    return status;
}

/* As HDF5 keeps it. */
static hid_t use_type(hid_t axis)
{
    const hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(allostat_h5_use));

    if (H5Tinsert(type, "dataset", HOFFSET(allostat_h5_use, dataset), H5T_STD_REF_OBJ) <
            0 ||
        H5Tinsert(type, "dimension", HOFFSET(allostat_h5_use, axis), axis) < 0) {
        allostat_h5_close(type);
        return -1;
    }
    return type;
}

/* Takes the list that the scale has away. Caller frees *use, which has room for `more`
 * after the *count that there were; NULL on failure. */
static allostat_h5_use *take_uses(hid_t scale, const char *name, hid_t type,
                                  hsize_t more, hsize_t *count)
{
    const hid_t attribute =
        H5Aexists(scale, name) > 0 ? H5Aopen(scale, name, H5P_DEFAULT) : 0;
    const hid_t space = attribute > 0 ? H5Aget_space(attribute) : 0;

    *count = space > 0 ? (hsize_t)H5Sget_simple_extent_npoints(space) : 0;
    allostat_h5_use *use = calloc((size_t)(*count + more), sizeof *use);
    const bool read =
        use != NULL && (attribute == 0 || (attribute > 0 && space > 0 &&
                                           H5Aread(attribute, type, use) >= 0));

    allostat_h5_close(space);
    allostat_h5_close(attribute);
    if (read && (attribute == 0 || H5Adelete(scale, name) >= 0)) return use;
    free(use);
    return NULL;
}

allostat_status allostat_h5_add_uses(hid_t scale, const allostat_h5_use *use,
                                     hsize_t count, allostat_error *error)
{
    static const char name[] = "REFERENCE_LIST";
    allostat_status status = ALLOSTAT_OK;
    hid_t types[2] = {use_type(H5T_STD_I32LE), use_type(H5T_NATIVE_INT32)};
    hsize_t before = 0;
    allostat_h5_use *all = take_uses(scale, name, types[1], count, &before);

    if (all == NULL) {
        status = ALLOSTAT_H5_FAIL(error, "reading the attribute", name);
        goto cleanup;
    }
    memcpy(all + before, use, (size_t)count * sizeof *use);
    count += before;
    ALLOSTAT_TRY(write_attribute(scale, name, types, H5Screate_simple(1, &count, NULL),
                                 all, error));
cleanup:
    free(all);
    allostat_h5_close(types[0]);
    allostat_h5_close(types[1]);
    return status;
}

void allostat_h5_read_text(hid_t object, const char *name, char *text, size_t size)
{
    text[0] = '\0';
    if (H5Aexists(object, name) <= 0) return;
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const hid_t type = H5Tcopy(H5T_C_S1);
    const hid_t stored_type = attribute < 0 ? -1 : H5Aget_type(attribute);

    H5Tset_size(type, size);
    if (stored_type >= 0) H5Tset_cset(type, H5Tget_cset(stored_type));
    if (attribute < 0 || H5Aread(attribute, type, text) < 0) text[0] = '\0';
    text[size - 1] = '\0';
    allostat_h5_close(stored_type);
    allostat_h5_close(type);
    allostat_h5_close(attribute);
}
